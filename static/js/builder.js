/* The course builder: what is pressed, typed or dragged becomes a change at the server, which answers the new rows. */
import { addDialog } from "./builder_add.js";
import { makeDraggable } from "./builder_drag.js";
import { draw } from "./builder_draw.js";
import { menuDialog } from "./builder_menu.js";
import { Notice } from "./builder_notice.js";
import { Renaming } from "./builder_rename.js";
import { BuilderServer, Refusal } from "./builder_server.js";

export class Builder {
  constructor(root) {
    this.root = root;
    this.outline = root.querySelector("[data-outline]");
    this.newChapter = root.querySelector("[data-new-chapter]").elements.title;
    this.server = new BuilderServer(root.dataset);
    this.notice = new Notice(this);
    this.renaming = new Renaming(this);
    this.menu = menuDialog(this);
    this.adding = addDialog(this);
    root.addEventListener("click", (event) => this.#pressed(event));
    root.addEventListener("pointerover", ({ target }) => nameSign(target.closest("[data-do][aria-label]")));
    root.addEventListener("submit", (event) => this.#sent(event));
    this.newChapter.form.addEventListener("submit", (event) => this.#addChapter(event));
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
   * `button` is what stays focused in the row; `typed` is shown again if it could not be kept; an open `dialog` hears
   * what was refused, and is closed by what was done.
   */
  async change(verb, values, { button = "", typed = "", dialog = null } = {}) {
    try {
      const answer = await this.server.send(verb, values);
      if (answer.confirm) return await this.#confirmed(answer.confirm, verb, values, { button });
      dialog?.close();
      this.renaming.through(() => draw(this, answer));
      this.#say(answer.said);
      this.#focus(answer, button);
      if (answer.go) location.assign(answer.go);
      return answer;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#refused(error, { typed, dialog });
      return null;
    }
  }

  #refused({ message, answer }, { typed, dialog }) {
    const isStale = answer.outline !== undefined;
    if (dialog?.open && !isStale) {
      dialog.querySelector("[data-wrong]").textContent = message;
      return;
    }
    this.root.querySelectorAll("dialog[open]").forEach((one) => one.close());
    this.notice.tell(typed ? `${message}\n${this.root.dataset.typedWords} ${typed}` : message);
    if (!isStale) return;
    this.renaming.through(() => draw(this, answer));
    if (!this.renaming.isTyping) this.notice.focus();
  }

  #say(words) {
    this.root.querySelector("[data-said]").textContent = words ?? "";
  }

  /** To the row to go on with; where the last one is gone, to the field for a new one. */
  #focus({ focus, gone }, button) {
    if (this.renaming.isTyping) return;
    const row = focus && this.row(focus);
    if (row) {
      row.querySelector(`[data-do=${button || "rename"}]`)?.focus();
      row.scrollIntoView({ block: "nearest" });
    } else if (gone) this.newChapter.focus();
  }

  async #confirmed(question, verb, values, options) {
    return (await this.#asked(question)) ? this.change(verb, { ...values, confirmed: 1 }, options) : null;
  }

  #asked(question) {
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
    if (button) this.#do(button.dataset.do, button.closest("[data-id]"));
  }

  #do(verb, row) {
    const kind = this.kind(row);
    const id = row.dataset.id;
    if (verb === "up" || verb === "down") {
      this.change(`step_${kind}`, { [kind]: id, step: verb === "up" ? -1 : 1 }, { button: verb });
    } else if (verb === "rename") this.renaming.start(row);
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
    this.change(event.submitter.value, {}).then((answer) => answer && this.notice.tell(answer.said));
  }

  async #addChapter(event) {
    event.preventDefault();
    const answer = await this.change("add_chapter", { title: this.newChapter.value }, { button: "add" });
    if (answer) event.target.reset();
  }
}

/** The arrows say on hovering what they are; written by the server it would be a tenth of a long outline. */
function nameSign(button) {
  if (button) button.title = button.ariaLabel;
}

for (const root of document.querySelectorAll("[data-builder]")) new Builder(root);
