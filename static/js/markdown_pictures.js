/* Asks what a picture shows, and sends it into the library. One dialog for all editors of a page. */

export const PICTURES = ["image/jpeg", "image/png", "image/webp", "image/gif"];

export function picturesOf(transfer) {
  return [...(transfer?.files ?? [])].filter((file) => PICTURES.includes(file.type));
}

function made(name, properties = {}, ...children) {
  const one = Object.assign(document.createElement(name), properties);
  one.append(...children);
  return one;
}

export class PictureDialog {
  #words;
  #send;
  #parts;
  #done;
  #turn = 0;

  /** `send(file, alt, told)` answers the Markdown that shows the picture. */
  constructor(words, send) {
    this.#words = words;
    this.#send = send;
  }

  /** Answers the Markdown of a picture; an empty text where the person gave up. Without a file it asks for one. */
  ask(file = null) {
    this.#turn += 1;
    this.#parts ??= this.#build();
    const { dialog, alt, choice, input, told } = this.#parts;
    this.file = file;
    alt.value = told.textContent = input.value = "";
    choice.hidden = file !== null;
    this.#name(file);
    this.#busy(false);
    dialog.showModal();
    (file ? alt : input).focus();
    return new Promise((resolve) => {
      this.#done = resolve;
    });
  }

  #build() {
    const words = this.#words;
    const input = made("input", { type: "file", accept: PICTURES.join(), id: "markdown-picture-file" });
    const choice = made("p", {}, made("label", { htmlFor: input.id, textContent: words.choose }), input);
    const alt = made("input", { type: "text", maxLength: 300, id: "markdown-picture-alt" });
    const name = made("p", { className: "markdown-picture__name" });
    const told = made("p", { className: "markdown-picture__told", role: "status" });
    const send = made("button", { type: "submit", textContent: words.insert, className: "markdown-picture__first" });
    const leave = made("button", { type: "button", textContent: words.cancel });
    const title = made("h2", { id: "markdown-picture-title", textContent: words.image });
    const hint = made("p", { id: "markdown-picture-hint", className: "markdown-picture__hint", textContent: words.alt_hint });
    const label = made("label", { htmlFor: alt.id, textContent: words.alt });
    const buttons = made("p", { className: "markdown-picture__buttons" }, send, leave);
    const form = made("form", { method: "dialog" }, title, choice, name, made("p", {}, label, alt), hint, told, buttons);
    const dialog = made("dialog", { className: "markdown-picture" }, form);
    dialog.setAttribute("aria-labelledby", title.id);
    alt.setAttribute("aria-describedby", hint.id);
    this.#listen({ dialog, form, input, leave });
    document.body.append(dialog);
    return { dialog, alt, choice, input, told, name, send };
  }

  #listen({ dialog, form, input, leave }) {
    input.addEventListener("change", () => this.#name(input.files[0] ?? null));
    leave.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => this.#done?.(""));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#upload();
    });
  }

  #name(file) {
    this.file = file;
    this.#parts.name.textContent = file?.name ?? "";
  }

  async #upload() {
    const { dialog, alt, told } = this.#parts;
    if (!this.file) {
      told.textContent = this.#words.choose_first;
      return;
    }
    const turn = this.#turn;
    const ifStillAsked = (act) => turn === this.#turn && dialog.open && act();
    const tell = (words) => ifStillAsked(() => (told.textContent = words));
    this.#busy(true);
    try {
      const progress = (percent) => tell(this.#words.sending.replace("{percent}", Math.floor(percent)));
      const markdown = await this.#send(this.file, alt.value, progress);
      ifStillAsked(() => this.#answer(markdown));
    } catch (error) {
      tell(error.words || this.#words.not_sent);
    }
    ifStillAsked(() => this.#busy(false));
  }

  #answer(markdown) {
    this.#done(markdown);
    this.#parts.dialog.close();
  }

  #busy(is) {
    this.#parts.send.disabled = is;
  }
}
