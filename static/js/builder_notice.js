/* What went wrong, above the outline. Putting it away leads back to where the person was. */

export class Notice {
  #builder;
  #part;
  #goBack = () => {};

  constructor(builder) {
    this.#builder = builder;
    this.#part = builder.root.querySelector("[data-notice]");
    this.#part.addEventListener("focusin", ({ relatedTarget }) => this.#remember(relatedTarget));
    this.#part.querySelector("[data-put-away]").addEventListener("click", () => {
      this.#part.hidden = true;
      this.#goBack();
    });
  }

  tell(words) {
    this.#remember(document.activeElement);
    this.#part.querySelector("p").textContent = words;
    this.#part.hidden = false;
  }

  focus() {
    this.#part.querySelector("[data-put-away]").focus();
  }

  /** What is drawn anew meanwhile is found again by its row. */
  #remember(held) {
    if (!held || held === document.body || this.#part.contains(held)) return;
    const id = held.closest("[data-id]")?.dataset.id;
    const name = held.dataset.do ?? "rename";
    this.#goBack = () => {
      const again = held.isConnected ? held : this.#builder.row(id)?.querySelector(`[data-do=${name}]`);
      (again ?? this.#builder.newChapter).focus();
    };
  }
}
