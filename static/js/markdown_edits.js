/*
 * What the buttons above a text do to it. Each edit takes {text, start, end}, the text and what is selected of it, and
 * answers {from, to, put, start, end}: what to replace by what, and what is selected afterwards.
 */

function replaced(from, to, put, start, end) {
  return { from, to, put, start, end };
}

/** Puts a mark on both sides of the selection, or takes it away where it stands already. */
export function around(mark, sample, closing = mark) {
  return ({ text, start, end }) => {
    const chosen = text.slice(start, end) || sample;
    const [before, after] = [start - mark.length, end + closing.length];
    if (before >= 0 && text.slice(before, start) === mark && text.slice(end, after) === closing) {
      return replaced(before, after, chosen, before, before + chosen.length);
    }
    const inside = start + mark.length;
    return replaced(start, end, mark + chosen + closing, inside, inside + chosen.length);
  };
}

/** Puts something before each line of the selection, or takes it away where all of them have it. */
export function beforeLines(markOf) {
  return ({ text, start, end }) => {
    const from = text.lastIndexOf("\n", start - 1) + 1;
    const found = text.indexOf("\n", end);
    const to = found < 0 ? text.length : found;
    const lines = text.slice(from, to).split("\n");
    const marks = lines.map((_, number) => markOf(number));
    const have = lines.every((line, number) => line.startsWith(marks[number]));
    const changed = lines.map((line, number) => (have ? line.slice(marks[number].length) : marks[number] + line));
    const put = changed.join("\n");
    return lines.length === 1
      ? replaced(from, to, put, from + put.length, from + put.length)
      : replaced(from, to, put, from, from + put.length);
  };
}

/** Inside a line between marks, several lines between fences of their own. */
export function inLineOrBlock(inline, fence) {
  return (state) => {
    const chosen = state.text.slice(state.start, state.end);
    return chosen.includes("\n") ? block(fence, state) : inline(state);
  };
}

function block(fence, { text, start, end }) {
  const gap = start === 0 || text[start - 1] === "\n" ? "" : "\n\n";
  const chosen = text.slice(start, end).replace(/\n$/, "");
  const inside = start + gap.length + fence.length + 1;
  return replaced(start, end, `${gap}${fence}\n${chosen}\n${fence}\n`, inside, inside + chosen.length);
}

/** The address is selected, to be typed or pasted over; a selected address becomes one. */
export function link(sample) {
  return ({ text, start, end }) => {
    const chosen = text.slice(start, end);
    if (/^https?:\/\/\S+$/.test(chosen)) {
      return replaced(start, end, `[${sample}](${chosen})`, start + 1, start + 1 + sample.length);
    }
    const words = chosen || sample;
    const address = start + words.length + 3;
    return replaced(start, end, `[${words}](https://)`, address, address + "https://".length);
  };
}

/** Text in the place of the selection; one writes on behind it. */
export function instead(put) {
  return ({ start, end }) => replaced(start, end, put, start + put.length, start + put.length);
}
