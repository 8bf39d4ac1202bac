/* A title becomes a field where it stands: Enter and leaving keep what was typed, Escape does not. */

export class Renaming {
  #builder;
  #fields = new Map(); // open ones, by the id of their row; read only while their title is on its way
  #isDrawing = false;

  constructor(builder) {
    this.#builder = builder;
  }

  start(row) {
    const { id } = row.dataset;
    const field = this.#fields.get(id) ?? this.#field(row);
    this.#fields.set(id, field);
    this.#stand(id, field);
    field.focus();
    field.select();
  }

  /** Whether somebody is at it: nothing may take the focus away, for leaving is keeping. */
  get isTyping() {
    return [...this.#fields.values()].includes(document.activeElement);
  }

  /** What is typed stays, while `draw` draws its row anew. */
  through(draw) {
    const typing = this.isTyping && document.activeElement;
    this.#isDrawing = true;
    draw();
    for (const [id, field] of this.#fields) this.#stand(id, field);
    if (typing) typing.focus();
    this.#isDrawing = false;
  }

  #field(row) {
    const title = this.#builder.title(row);
    const field = Object.assign(document.createElement("input"), { type: "text", value: title, maxLength: 200 });
    field.setAttribute("aria-label", this.#builder.root.dataset.renameWords.replace("{title}", title));
    field.addEventListener("keydown", (event) => this.#key(event, row.dataset.id, field));
    field.addEventListener("blur", () => {
      if (!this.#isDrawing && this.#fields.get(row.dataset.id) === field) this.#keep(row.dataset.id, field);
    });
    return field;
  }

  #key(event, id, field) {
    if (event.key === "Escape") this.#close(id, field);
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    this.#keep(id, field);
  }

  async #keep(id, field) {
    const row = this.#builder.row(id);
    const kind = this.#builder.kind(row);
    const title = field.value.trim();
    if (field.readOnly) return;
    if (!title || title === this.#builder.title(row)) return this.#close(id, field);
    field.readOnly = true;
    const answer = await this.#builder.change(`rename_${kind}`, { [kind]: id, title }, { typed: title });
    field.readOnly = false;
    if (!answer) return;
    if (this.#button(id)) this.#button(id).textContent = title;
    this.#close(id, field);
  }

  #button(id) {
    return this.#builder.row(id)?.querySelector("[data-do=rename]");
  }

  #stand(id, field) {
    const button = this.#button(id);
    if (!button) return this.#fields.delete(id);
    button.hidden = true;
    if (!field.isConnected) button.after(field);
  }

  /** The focus goes on to the button only if it is still here. */
  #close(id, field) {
    const button = this.#button(id);
    const isHere = document.activeElement === field;
    this.#fields.delete(id);
    if (button) button.hidden = false;
    if (isHere) button?.focus();
    field.remove();
  }
}
