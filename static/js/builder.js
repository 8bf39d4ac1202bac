/* The course builder: what is pressed, typed or dragged becomes a change at the server, which answers the new rows. */
import { addDialog } from "./builder_add.js";
import { makeDraggable } from "./builder_drag.js";
import { menuDialog } from "./builder_menu.js";
import { renameInPlace } from "./builder_rename.js";
import { BuilderServer, Refusal } from "./builder_server.js";

export class Builder {
  constructor(root) {
    this.root = root;
    this.outline = root.querySelector("[data-outline]");
    this.server = new BuilderServer(root.dataset.url, Number(root.dataset.revision));
    this.notice = root.querySelector("[data-notice]");
    this.menu = menuDialog(this);
    this.adding = addDialog(this);
    root.addEventListener("click", (event) => this.#pressed(event));
    root.addEventListener("pointerover", ({ target }) => nameSign(target.closest("[data-do][aria-label]")));
    root.querySelector("[data-put-away]").addEventListener("click", () => (this.notice.hidden = true));
    root.querySelector("[data-new-chapter]").addEventListener("submit", (event) => this.#addChapter(event));
    root.addEventListener("submit", (event) => this.#sent(event));
    makeDraggable(this, this.outline);
  }

  row(id) {
    return this.outline.querySelector(`[data-id="${id}"]`);
  }

  /** "chapter" or "item" */
  kind(row) {
    return row.matches("section") ? "chapter" : "item";
  }

  title(row) {
    return row.querySelector("[data-do=rename]").textContent;
  }

  dialog(name) {
    return this.root.querySelector(`[data-dialog=${name}]`);
  }

  /**
   * Change something and draw what comes back. Answers what the server said, or null where it refused.
   * `button` is what stays focused in the row; `typed` is shown again if it could not be kept.
   */
  async change(verb, values, { button = "", typed = "", told = (words) => this.tell(words) } = {}) {
    try {
      const answer = await this.server.send(verb, values);
      if (answer.confirm) return (await this.#confirmed(answer.confirm)) ? this.change(verb, { ...values, confirmed: 1 }) : null;
      this.#draw(answer);
      this.#say(answer.said);
      this.#focus(answer.focus, button);
      if (answer.go) location.assign(answer.go);
      return answer;
    } catch (error) {
      this.#refused(error, { typed, told });
      return null;
    }
  }

  tell(words) {
    this.notice.querySelector("p").textContent = words;
    this.notice.hidden = false;
  }

  #refused(error, { typed, told }) {
    if (!(error instanceof Refusal)) {
      this.tell(this.root.dataset.lostWords);
      if (!(error instanceof TypeError)) throw error;
      return;
    }
    if (error.answer.outline === undefined) return told(error.message || this.root.dataset.lostWords);
    this.root.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
    this.#draw(error.answer);
    this.tell(typed ? `${error.message}\n${this.root.dataset.typedWords} ${typed}` : error.message);
    this.notice.querySelector("button").focus();
  }

  #draw({ outline, chapters = {} }) {
    if (outline !== undefined) this.outline.innerHTML = outline;
    for (const [id, html] of Object.entries(chapters)) {
      if (this.row(id)) this.row(id).outerHTML = html;
    }
    makeDraggable(this, this.outline);
  }

  #say(words) {
    this.root.querySelector("[data-said]").textContent = words ?? "";
  }

  #focus(id, button) {
    const row = id && this.row(id);
    if (!row) return;
    row.querySelector(`[data-do=${button || "rename"}]`)?.focus();
    row.scrollIntoView({ block: "nearest" });
  }

  #confirmed(question) {
    const dialog = this.dialog("confirm");
    dialog.querySelector("[data-question]").textContent = question;
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    });
  }

  #pressed(event) {
    const close = event.target.closest("[data-close]");
    if (close) return close.closest("dialog").close();
    if (event.target.closest("[data-fold]")) return this.#fold(event.target.closest("[data-fold]"));
    const button = event.target.closest("[data-outline] [data-do]");
    if (button) this.#do(button.dataset.do, button.closest("[data-id]"), button);
  }

  #do(verb, row, button) {
    const kind = this.kind(row);
    const id = row.dataset.id;
    if (verb === "up" || verb === "down") {
      this.change(`step_${kind}`, { [kind]: id, step: verb === "up" ? -1 : 1 }, { button: verb });
    } else if (verb === "rename") renameInPlace(this, row, button);
    else if (verb === "menu") this.menu(row);
    else if (verb === "add") this.adding(row);
  }

  #fold(button) {
    const folded = this.outline.toggleAttribute("data-folded");
    button.setAttribute("aria-pressed", String(folded));
  }

  /** A plain form whose button is a verb. */
  #sent(event) {
    if (event.submitter?.name !== "do") return;
    event.preventDefault();
    this.change(event.submitter.value, {}).then((answer) => answer && this.tell(answer.said));
  }

  async #addChapter(event) {
    event.preventDefault();
    const { title } = event.target.elements;
    const answer = await this.change("add_chapter", { title: title.value }, { button: "add" });
    if (answer) event.target.reset();
  }
}

/** The arrows say on hovering what they are; written by the server it would be a tenth of a long outline. */
function nameSign(button) {
  if (button) button.title = button.ariaLabel;
}

for (const root of document.querySelectorAll("[data-builder]")) new Builder(root);
