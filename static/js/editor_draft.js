/* What was not saved yet, kept in this browser: whatever happens to the page, nothing that was written is lost. */

const WAIT = 400; // milliseconds after the last letter

export class Draft {
  #key;
  #timer = 0;

  constructor(media) {
    this.#key = `transcript:${media}`;
  }

  /** {at, changed, removed, added, unplaced}, or null. */
  read() {
    try {
      return JSON.parse(localStorage.getItem(this.#key));
    } catch {
      return null;
    }
  }

  /** `make()` is asked a moment later, once for many letters. */
  keep(make) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.write(make()), WAIT);
  }

  forget() {
    clearTimeout(this.#timer);
    this.#store(() => localStorage.removeItem(this.#key));
  }

  /** Null where nothing is left to keep. */
  write(draft) {
    clearTimeout(this.#timer);
    if (draft === null) this.forget();
    else this.#store(() => localStorage.setItem(this.#key, JSON.stringify({ ...draft, at: Date.now() })));
  }

  /** A browser that keeps nothing for us, or no more, is no reason to stop writing. */
  #store(action) {
    try {
      action();
    } catch (error) {
      console.warn("This browser keeps no unsaved changes:", error);
    }
  }
}
