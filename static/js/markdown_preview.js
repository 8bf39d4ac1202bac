/* What learners will see of a text, drawn by the server a moment after it was typed. */

const PAUSE = 400; // milliseconds without a key

export class Preview {
  #page;
  #words;
  #draw;
  #timer = 0;
  #shown = null;
  #asked = null;

  /** `page` is where it is drawn, `draw` asks the server for the HTML of a text. */
  constructor(page, words, draw) {
    this.#page = page;
    this.#words = words;
    this.#draw = draw;
  }

  /** Soon, when nothing is typed any more. */
  expect(text) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.show(text), PAUSE);
  }

  async show(text) {
    clearTimeout(this.#timer);
    if (text === this.#shown) return;
    this.#asked?.abort();
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    try {
      this.#fill(text.trim() ? await this.#draw(text, signal) : "");
      this.#shown = text;
    } catch (error) {
      if (!signal.aborted) this.#tell(error.words || this.#words.no_preview);
    }
  }

  /** The HTML is the server's, which lets through what is allowed and nothing else. */
  #fill(html) {
    if (html) this.#page.innerHTML = html;
    else this.#tell(this.#words.nothing);
  }

  #tell(words) {
    const line = document.createElement("p");
    line.className = "markdown__nothing";
    line.textContent = words;
    this.#page.replaceChildren(line);
  }
}
