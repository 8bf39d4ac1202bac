/*
 * Finding words in the transcript. While there are words, only the sentences with them are shown, marked.
 *
 *   input[data-transcript-search]   Enter plays the next, Shift+Enter the previous; Escape ends the search
 *   [data-transcript-count]         number of sentences found, or which of them: data-of-words="{at} of {total}"
 *   [data-transcript-steps]         holds buttons [data-find-step="-1|1"]; hidden while nothing is found
 *   [data-transcript-empty]         hidden; shown when nothing is found
 */

class Find {
  #root;
  #input;
  #transcript;
  #found = [];
  #at = -1;

  constructor(root, input, transcript) {
    this.#root = root;
    this.#input = input;
    this.#transcript = transcript;
    input.addEventListener("input", () => this.#search());
    input.addEventListener("keydown", (event) => this.#onKey(event));
    for (const button of root.querySelectorAll("[data-find-step]")) {
      button.addEventListener("click", () => this.#step(Number(button.dataset.findStep)));
    }
  }

  get #words() {
    return this.#input.value.trim();
  }

  #search() {
    this.#found[this.#at]?.classList.remove("is-found");
    const shown = this.#transcript.filter(this.#words);
    this.#found = this.#words ? shown : [];
    this.#at = -1;
    this.#tell(shown.length === 0);
  }

  #step(by) {
    const total = this.#found.length;
    if (total === 0) return;
    this.#found[this.#at]?.classList.remove("is-found");
    this.#at = this.#at < 0 && by < 0 ? total - 1 : (this.#at + by + total) % total;
    const row = this.#found[this.#at];
    row.classList.add("is-found");
    row.scrollIntoView({ block: "nearest" });
    row.click();
    this.#tell(false);
  }

  #tell(isEmpty) {
    const total = this.#found.length;
    const place = this.#input.dataset.ofWords.replace("{at}", this.#at + 1).replace("{total}", total);
    this.#root.querySelector("[data-transcript-count]").textContent = this.#at < 0 ? this.#counted : place;
    this.#root.querySelector("[data-transcript-steps]").hidden = total === 0;
    this.#root.querySelector("[data-transcript-empty]").hidden = !isEmpty;
  }

  get #counted() {
    return this.#words ? String(this.#found.length) : "";
  }

  #onKey(event) {
    if (event.key === "Enter") {
      event.preventDefault();
      this.#step(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape" && this.#input.value) {
      event.preventDefault();
      this.#input.value = "";
      this.#search();
    } else if (event.key === "Escape") this.#input.blur();
  }
}

/** transcript.filter(words) shows the rows with these words and answers them. */
export function findIn(root, transcript) {
  const input = root.querySelector("[data-transcript-search]");
  if (input) new Find(root, input, transcript);
}
