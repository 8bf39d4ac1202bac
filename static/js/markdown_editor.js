/*
 * <markdown-editor>: a textarea with buttons, keys, pictures and a preview. Without this script it is the textarea.
 *
 * `data-url` draws texts, `data-words` has the words of everything as JSON, `data-buttons` the buttons in order.
 */

import { around, beforeLines, inLineOrBlock, instead, link } from "./markdown_edits.js";
import { PictureDialog, picturesOf } from "./markdown_pictures.js";
import { Preview } from "./markdown_preview.js";
import { MarkdownServer } from "./markdown_server.js";
import { csrfToken } from "./requests.js";

const KEYS = { b: "bold", i: "italic", k: "link" };
const KEPT = "lectern.markdown.preview"; // "closed" where somebody closed it
const NEW_ROW = "__prefix__"; // of a form that is copied for each new row

let dialog = null;

function made(name, className, properties = {}) {
  return Object.assign(document.createElement(name), { className, ...properties });
}

class MarkdownEditor extends HTMLElement {
  connectedCallback() {
    this.area = this.querySelector("textarea");
    if (!this.area || this.area.name.includes(NEW_ROW)) return;
    this.querySelectorAll(".markdown__bar, .markdown__preview").forEach((one) => one.remove()); // of the row it was copied from
    this.words = JSON.parse(this.dataset.words);
    const token = this.area.form?.elements.csrfmiddlewaretoken?.value ?? csrfToken();
    this.server = new MarkdownServer(this.dataset.url, token);
    this.edits = this.#edits();
    this.#build();
    this.#listen();
    this.#open(localStorage.getItem(KEPT) !== "closed");
  }

  disconnectedCallback() {
    this.listening?.abort();
    this.watcher?.disconnect();
  }

  #edits() {
    const { words } = this;
    return {
      bold: around("**", words.sample),
      italic: around("*", words.sample),
      heading: beforeLines(() => "## "),
      list: beforeLines(() => "- "),
      numbers: beforeLines((line) => `${line + 1}. `),
      quote: beforeLines(() => "> "),
      code: inLineOrBlock(around("`", words.code_sample), "```"),
      link: link(words.sample),
      formula: inLineOrBlock(around("$", "x^2"), "$$"),
    };
  }

  #build() {
    const { words, area } = this;
    this.bar = made("div", "markdown__bar", { role: "toolbar" });
    this.bar.setAttribute("aria-label", words.toolbar);
    this.bar.setAttribute("aria-controls", area.id);
    const buttons = JSON.parse(this.dataset.buttons).map(([name, icon, keys]) => this.#button(name, icon, keys));
    this.toggle = this.#button("preview", "visibility", "");
    this.bar.append(...buttons, this.toggle);
    [...this.bar.children].forEach((button, number) => (button.tabIndex = number ? -1 : 0));
    this.page = made("div", "markdown__preview prose not-prose", { role: "region", tabIndex: 0 });
    this.page.setAttribute("aria-label", words.preview);
    this.prepend(this.bar);
    area.after(this.page);
    this.preview = new Preview(this.page, words, (text, signal) => this.server.draw(text, signal));
  }

  #button(name, icon, keys) {
    const label = this.words[name];
    const button = made("button", "markdown__button", { type: "button", title: keys ? `${label} (${keys})` : label });
    const sign = made("span", "material-symbols-outlined", { textContent: icon, ariaHidden: "true" });
    button.setAttribute("aria-label", label);
    button.dataset.do = name;
    button.append(sign);
    return button;
  }

  #listen() {
    this.listening = new AbortController();
    const { signal } = this.listening;
    const on = (target, name, heard) => target.addEventListener(name, heard, { signal });
    on(this.bar, "click", (event) => this.#do(event.target.closest("[data-do]")?.dataset.do));
    on(this.bar, "keydown", (event) => this.#walk(event));
    on(this.area, "keydown", (event) => this.#key(event));
    on(this.area, "input", () => this.isOpen && this.preview.expect(this.area.value));
    on(this.area, "paste", (event) => this.#take(event, event.clipboardData));
    on(this.area, "drop", (event) => this.#take(event, event.dataTransfer));
    on(this.area, "dragover", (event) => {
      if ([...event.dataTransfer.items].some((item) => item.kind === "file")) event.preventDefault();
    });
    this.watcher = new IntersectionObserver((seen) => this.#seen(seen.some((one) => one.isIntersecting)));
    this.watcher.observe(this.page);
  }

  /** Nobody asks for a preview of what is not on the screen. */
  #seen(is) {
    this.isSeen = is;
    if (is && this.isOpen) this.preview.show(this.area.value);
  }

  #do(name) {
    if (name === "preview") {
      this.#open(!this.isOpen);
      localStorage.setItem(KEPT, this.isOpen ? "open" : "closed");
    } else if (name === "image") this.#picture(null);
    else if (name) this.#change(this.edits[name]);
  }

  #open(is) {
    this.isOpen = is;
    this.page.hidden = !is;
    this.classList.toggle("markdown--split", is);
    this.toggle.setAttribute("aria-pressed", String(is));
    if (is && this.isSeen) this.preview.show(this.area.value);
  }

  #key(event) {
    const name = KEYS[event.key.toLowerCase()];
    if (!name || event.altKey || event.shiftKey || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    this.#do(name);
  }

  /** The arrows go from button to button, as in any bar of tools; Tab goes past it. */
  #walk(event) {
    const buttons = [...this.bar.children];
    const now = buttons.indexOf(document.activeElement);
    const next = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (now < 0 || next === undefined) return;
    event.preventDefault();
    const reached = buttons[(next + buttons.length) % buttons.length];
    buttons.forEach((button) => (button.tabIndex = button === reached ? 0 : -1));
    reached.focus();
  }

  get #selected() {
    return [this.area.selectionStart, this.area.selectionEnd];
  }

  /** As if it were typed: the browser's own undo takes it back. */
  #change(edit, [first, last] = this.#selected) {
    const { area } = this;
    const { from, to, put, start, end } = edit({ text: area.value, start: first, end: last });
    area.focus();
    area.setSelectionRange(from, to);
    if (!document.execCommand("insertText", false, put)) {
      area.setRangeText(put, from, to, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    area.setSelectionRange(start, end);
  }

  async #take(event, transfer) {
    const files = picturesOf(transfer);
    if (!files.length) return;
    event.preventDefault();
    for (const file of files) await this.#picture(file);
  }

  async #picture(file) {
    dialog ??= new PictureDialog(this.words, (...given) => this.server.addImage(...given));
    const place = this.#selected;
    const markdown = await dialog.ask(file);
    if (markdown) this.#change(instead(markdown), place);
    else this.area.focus();
  }
}

customElements.define("markdown-editor", MarkdownEditor);
