/* Find and replace, and renaming a speaker everywhere. */

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

export class Finder {
  #found;
  #page;
  #root;
  #say;

  /** `page` has `lines`, `rows` and `redraw()`; `say(name, facts)` is a sentence of the page. */
  constructor(root, page, say) {
    this.#root = root;
    this.#page = page;
    this.#say = say;
    this.#found = root.querySelector("[data-found]");
    root.querySelector("[data-find]").addEventListener("input", () => this.#count());
    root.querySelector("[data-find-form]").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#next();
    });
    root.querySelector("[data-replace-all]").addEventListener("click", () => this.#replaceAll());
    root.querySelector("[data-rename-form]").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#rename();
    });
  }

  /** The names there are, where one writes and where one chooses: there nobody has a place too, the last one. */
  showSpeakers(speakers) {
    const from = this.#root.querySelector("[data-speaker-from]");
    const chosen = from.options.length ? from.value : null;
    const named = speakers.map((speaker) => [speaker, speaker]);
    const option = ([words, speaker]) => new Option(words, speaker, false, speaker === chosen);
    this.#root.querySelector("[data-speakers]").replaceChildren(...named.map(option));
    from.replaceChildren(...[...named, [this.#say("nobody"), ""]].map(option));
  }

  get #pattern() {
    const text = this.#root.querySelector("[data-find]").value;
    const exact = this.#root.querySelector("[data-match-case]").checked;
    return text ? new RegExp(escaped(text), exact ? "g" : "gi") : null;
  }

  get #matches() {
    const pattern = this.#pattern;
    if (!pattern) return [];
    return this.#page.lines.all.flatMap((line, index) =>
      [...line.text.matchAll(pattern)].map((match) => ({ line, index, from: match.index, to: match.index + match[0].length })),
    );
  }

  #count() {
    this.#found.textContent = this.#pattern ? this.#say("found", { count: this.#matches.length }) : "";
  }

  #next() {
    const matches = this.#matches;
    this.#count();
    if (!matches.length) return;
    const { rows, lines } = this.#page;
    const here = lines.all.indexOf(rows.active);
    const after = ({ index, from }) => index > here || (index === here && from >= rows.cursor + 1);
    const { line, from, to } = matches.find(after) ?? matches[0];
    rows.select(line, from, to);
  }

  #replaceAll() {
    const pattern = this.#pattern;
    if (!pattern) return;
    const count = this.#page.lines.replace(pattern, this.#root.querySelector("[data-replacement]").value);
    this.#page.redraw();
    this.#found.textContent = this.#say("replaced", { count });
  }

  #rename() {
    const name = this.#root.querySelector("[data-speaker-to]").value.trim();
    this.#page.lines.rename(this.#root.querySelector("[data-speaker-from]").value, name);
    this.#page.redraw();
  }
}
