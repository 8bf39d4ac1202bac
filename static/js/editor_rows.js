/*
 * The list of lines on the page of a transcript. Rows that are far away cost nothing (content-visibility in CSS); the
 * tools stand in the row that one writes in.
 */
import { clockTime } from "./time.js";

const CHARACTERS_A_LINE = 60;

/** 62.5 -> "1:02.500" */
export function preciseTime(second) {
  const thousandths = Math.round(second * 1000);
  return `${clockTime(Math.floor(thousandths / 1000))}.${String(thousandths % 1000).padStart(3, "0")}`;
}

/** "1:02.5", "62,5" -> 62.5; NaN for what is no time. */
export function readTime(text) {
  const parts = text.trim().replace(",", ".").split(":");
  if (parts.length > 3 || !parts.every((part) => /^\d+(\.\d*)?$/.test(part))) return NaN;
  return parts.reduce((seconds, part) => seconds * 60 + Number(part), 0);
}

export class Rows extends EventTarget {
  #active = null; // line
  #current = null; // row of what plays
  #list;
  #rows = new Map(); // line: row
  #lines = new WeakMap(); // row: line
  #template;
  #tools;

  constructor(root) {
    super();
    this.#list = root.querySelector("[data-lines]");
    this.#template = root.querySelector("[data-line]").content.firstElementChild;
    this.#tools = root.querySelector("[data-tools]").content.firstElementChild.cloneNode(true);
    this.#list.addEventListener("focusin", (event) => this.#activate(event.target.closest(".line")));
    this.#list.addEventListener("input", (event) => this.#typed(event));
    this.#list.addEventListener("change", (event) => this.#timed(event.target));
    this.#tools.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button) this.#tell("do", { verb: button.dataset.do, line: this.#active });
    });
  }

  get active() {
    return this.#active;
  }

  get isWriting() {
    return this.#list.contains(document.activeElement);
  }

  /** Where the cursor stands in the words of the active line. */
  get cursor() {
    return this.#rows.get(this.#active)?.querySelector("[data-text]").selectionStart ?? 0;
  }

  /** Draws all lines; rows of lines that are there already stay. */
  show(lines) {
    const rows = new Map(lines.map((line) => [line, this.#rows.get(line) ?? this.#rowOf(line)]));
    this.#rows = rows;
    if (!rows.has(this.#active)) this.#leave();
    const wanted = [...rows.values()];
    for (const [line, row] of rows) this.#fill(row, line);
    if (wanted.length !== this.#list.children.length || wanted.some((row, n) => this.#list.children[n] !== row)) {
      this.#list.replaceChildren(...wanted);
    }
  }

  focus(line, { at = null } = {}) {
    const field = this.#rows.get(line)?.querySelector("[data-text]");
    if (!field) return;
    field.focus();
    if (at !== null) field.setSelectionRange(at, at);
    field.closest(".line").scrollIntoView({ block: "nearest" });
  }

  select(line, from, to) {
    this.focus(line);
    this.#rows.get(line)?.querySelector("[data-text]").setSelectionRange(from, to);
  }

  /** Marks the line that is said now. */
  mark(line, { follow }) {
    const row = this.#rows.get(line) ?? null;
    if (row === this.#current) return;
    this.#current?.classList.remove("is-current");
    this.#current?.removeAttribute("aria-current");
    this.#current = row;
    row?.classList.add("is-current");
    row?.setAttribute("aria-current", "true");
    if (row && follow && !this.isWriting) this.#list.scrollTo({ top: row.offsetTop - this.#list.clientHeight / 3 });
  }

  refuse(field, words) {
    field.setCustomValidity(words);
    field.reportValidity();
  }

  #rowOf(line) {
    const row = this.#template.cloneNode(true);
    this.#lines.set(row, line);
    return row;
  }

  #fill(row, { start, text, speaker }) {
    const time = row.querySelector("[data-time]");
    if (time.dataset.seek !== String(start)) {
      time.dataset.seek = start;
      time.textContent = clockTime(start);
    }
    const [name, words] = [row.querySelector("[data-speaker]"), row.querySelector("[data-text]")];
    if (name.value !== speaker) name.value = speaker;
    if (words.value.trim() !== text.trim()) words.value = text; // a blank at its end is where one goes on writing
    words.rows = Math.max(1, Math.ceil(text.length / CHARACTERS_A_LINE));
  }

  #activate(row) {
    const line = this.#lines.get(row);
    if (!line || line === this.#active) return;
    this.#active = line;
    row.append(this.#tools);
    this.#fillTools();
  }

  #leave() {
    this.#active = null;
    this.#tools.remove();
  }

  #fillTools() {
    for (const name of ["start", "end"]) {
      const field = this.#tools.querySelector(`[data-${name}]`);
      field.value = preciseTime(this.#active[name]);
      field.setCustomValidity("");
    }
  }

  refreshTools() {
    if (this.#active) this.#fillTools();
  }

  #typed({ target }) {
    const line = this.#lines.get(target.closest(".line"));
    if (target.matches("[data-text]")) {
      target.rows = Math.max(1, Math.ceil(target.value.length / CHARACTERS_A_LINE));
      this.#tell("change", { line, changes: { text: target.value.replace(/\s*\n\s*/g, " ") } });
    } else if (target.matches("[data-speaker]")) {
      this.#tell("change", { line, changes: { speaker: target.value.trim() } });
    } else {
      target.setCustomValidity("");
    }
  }

  #timed(field) {
    if (!field.matches("[data-start], [data-end]")) return;
    const name = field.matches("[data-start]") ? "start" : "end";
    this.#tell("time", { line: this.#active, name, second: readTime(field.value), field });
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
