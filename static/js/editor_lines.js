/*
 * The lines of a transcript while they are corrected. Knows nothing of the page.
 *
 * A line is {position, start, end, text, speaker}, seconds; `position` is its place in the version that is corrected,
 * null for a new one. `corrections()` is what the server is told: only what changed.
 */

const FACTS = ["start", "end", "text", "speaker"];
const SHORTEST = 0.1; // seconds that a line lasts at least after a split
const NEW_LINE = 2; // seconds
const STEPS_BACK = 100;

function facts({ start, end, text, speaker }) {
  return { start, end, text, speaker };
}

function same(one, other) {
  return FACTS.every((name) => one[name] === other[name]);
}

function inOrder(lines) {
  return lines.sort((one, other) => one.start - other.start || one.end - other.end);
}

/** Thousandths of a second, as the server keeps them. */
function rounded(second) {
  return Math.round(second * 1000) / 1000;
}

export class Lines {
  #before = []; // states that can be gone back to
  #originals = [];
  all = [];

  constructor(cues = []) {
    this.#originals = cues.map(facts);
    this.all = this.#originals.map((cue, position) => ({ position, ...cue }));
  }

  get canUndo() {
    return this.#before.length > 0;
  }

  get speakers() {
    return [...new Set(this.all.map(({ speaker }) => speaker).filter(Boolean))].sort((a, b) => a.localeCompare(b));
  }

  /** Index of the last line that began at or before this second; -1 before the first. */
  indexAt(second) {
    let low = 0;
    let high = this.all.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.all[middle].start <= second) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Remember how it is now: `undo()` comes back to it. */
  remember() {
    this.#before.push(this.all.map((line) => [line, { ...line }]));
    if (this.#before.length > STEPS_BACK) this.#before.shift();
  }

  undo() {
    if (this.canUndo) this.all = this.#before.pop().map(([line, was]) => Object.assign(line, was));
  }

  change(line, changes) {
    Object.assign(line, changes);
    if ("start" in changes) inOrder(this.all);
  }

  /** Cuts the words at this character; the time is shared out by their length. Answers the second half, or null. */
  split(line, at) {
    const [left, right] = [line.text.slice(0, at).trim(), line.text.slice(at).trim()];
    if (!left || !right || line.end - line.start < 2 * SHORTEST) return null;
    this.remember();
    const share = line.start + ((line.end - line.start) * left.length) / (left.length + right.length);
    const cut = rounded(Math.min(Math.max(share, line.start + SHORTEST), line.end - SHORTEST));
    const second = { position: null, start: cut, end: line.end, text: right, speaker: line.speaker };
    Object.assign(line, { end: cut, text: left });
    this.all.splice(this.all.indexOf(line) + 1, 0, second);
    return second;
  }

  /** With the next line, whose words and end it takes. Answers whether there was one. */
  join(line) {
    const next = this.all[this.all.indexOf(line) + 1];
    if (!next) return false;
    this.remember();
    Object.assign(line, { end: Math.max(line.end, next.end), text: `${line.text} ${next.text}`.trim() });
    this.all.splice(this.all.indexOf(next), 1);
    return true;
  }

  remove(line) {
    this.remember();
    this.all.splice(this.all.indexOf(line), 1);
  }

  /** A new line at this second, up to the next one. */
  add(second) {
    this.remember();
    const start = rounded(second);
    const index = this.indexAt(start);
    const next = this.all[index + 1];
    const end = rounded(next && next.start > start ? Math.min(next.start, start + NEW_LINE) : start + NEW_LINE);
    const line = { position: null, start, end, text: "", speaker: this.all[index]?.speaker ?? "" };
    this.all.splice(index + 1, 0, line);
    return line;
  }

  rename(speaker, name) {
    return this.#changeAll((line) => (line.speaker === speaker ? { speaker: name } : null));
  }

  /** Who says this line says what follows too, up to where another one begins. Answers how many lines changed. */
  carry(line) {
    const index = this.all.indexOf(line);
    const former = this.all[index + 1]?.speaker;
    const end = this.all.findIndex((one, at) => at > index && one.speaker !== former);
    const following = new Set(this.all.slice(index + 1, end < 0 ? this.all.length : end));
    const { speaker } = line;
    return this.#changeAll((one) => (following.has(one) && one.speaker !== speaker ? { speaker } : null));
  }

  /** `pattern` is a global regular expression. Answers how many lines changed. */
  replace(pattern, replacement) {
    return this.#changeAll((line) => {
      const text = line.text.replace(pattern, () => replacement).trim();
      return text && text !== line.text ? { text } : null;
    });
  }

  corrections() {
    const kept = new Map(this.all.filter(({ position }) => position !== null).map((line) => [line.position, line]));
    const positions = [...this.#originals.keys()];
    return {
      changed: positions
        .filter((position) => kept.has(position) && !same(kept.get(position), this.#originals[position]))
        .map((position) => ({ position, ...facts(kept.get(position)) })),
      removed: positions.filter((position) => !kept.has(position)),
      added: this.all.filter(({ position, text }) => position === null && text.trim()).map(facts),
    };
  }

  /** All lines as they are told to the server now, in the order that it gives them. */
  sent() {
    const kept = this.all.filter(({ position }) => position !== null).sort((one, other) => one.position - other.position);
    const added = this.all.filter(({ position, text }) => position === null && text.trim());
    return inOrder([...kept, ...added].map((line) => ({ line, ...facts(line) })));
  }

  /** The server made these cues of what was `sent`. What was changed since then is a change still. */
  accept(cues, sent) {
    this.#originals = cues.map(facts);
    this.#before = [];
    for (const line of this.all) line.position = null;
    sent.forEach(({ line, ...was }, position) => {
      const fresh = FACTS.filter((name) => line[name] === was[name]);
      Object.assign(line, { position }, Object.fromEntries(fresh.map((name) => [name, cues[position][name]])));
    });
    inOrder(this.all);
  }

  get changes() {
    const { changed, removed, added } = this.corrections();
    return changed.length + removed.length + added.length;
  }

  /** What was corrected, told by the words it was before: it can be put onto another version too. */
  draft() {
    const { changed, removed, added } = this.corrections();
    return {
      changed: changed.map(({ position, ...now }) => ({ was: this.#originals[position], now })),
      removed: removed.map((position) => this.#originals[position]),
      added,
    };
  }

  /** Puts a draft onto these lines. Answers the texts that found no place. */
  take({ changed, removed, added }) {
    const find = (was) => this.all.find((line) => line.start === was.start && line.text === was.text);
    const lost = [];
    this.remember();
    for (const { was, now } of changed) {
      const line = find(was);
      if (line) Object.assign(line, now);
      else lost.push(now.text);
    }
    for (const was of removed) {
      const line = find(was);
      if (line) this.all.splice(this.all.indexOf(line), 1);
    }
    this.all.push(...added.map((line) => ({ position: null, ...line })));
    inOrder(this.all);
    return lost;
  }

  #changeAll(changesOf) {
    const changes = this.all.map((line) => [line, changesOf(line)]).filter(([, change]) => change);
    if (changes.length) this.remember();
    for (const [line, change] of changes) Object.assign(line, change);
    return changes.length;
  }
}
