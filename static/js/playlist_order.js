/*
 * The order of one's own playlist: by mouse or finger (SortableJS), with the arrow keys, Home and End on a row's grip, or with its
 * buttons up and down, which send a form and work without this script too. Each move is told to the server after the
 * one before it; one that is refused is put back.
 *
 * <ol data-playlist-rows data-moved="{title}: place {place} of {total}" data-failed> of <li data-media data-title> with
 * [data-grip] (hidden), [data-place] and <button data-move="-1|1" formaction>. [data-playlist-said] tells what happened.
 */
/* global Sortable */
import { postForm } from "./requests.js";

const STEPS = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

class Order {
  #list;
  #said = document.querySelector("[data-playlist-said]");
  #told = Promise.resolve(); // one move after the other

  constructor(list) {
    this.#list = list;
    for (const grip of list.querySelectorAll("[data-grip]")) grip.hidden = false;
    list.addEventListener("keydown", (event) => this.#onKey(event));
    list.addEventListener("click", (event) => this.#onClick(event));
    this.#makeDraggable();
  }

  get #rows() {
    return [...this.#list.children];
  }

  #makeDraggable() {
    if (typeof Sortable === "undefined") return;
    const animation = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120;
    Sortable.create(this.#list, {
      handle: "[data-grip]",
      animation,
      delay: 120,
      delayOnTouchOnly: true,
      onEnd: ({ item, oldIndex, newIndex }) => {
        if (oldIndex !== newIndex) this.#tell(item, oldIndex);
      },
    });
  }

  #onKey(event) {
    const step = STEPS[event.key];
    if (!step || !event.target.closest("[data-grip]")) return;
    event.preventDefault();
    this.#step(event.target.closest("li"), step, event.target);
  }

  #onClick(event) {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    event.preventDefault();
    this.#step(button.closest("li"), Number(button.dataset.move), button);
  }

  #step(row, step, focused) {
    const from = this.#rows.indexOf(row);
    const to = Math.min(Math.max(from + step, 0), this.#rows.length - 1);
    if (to === from) return;
    this.#put(row, to);
    this.#tell(row, from);
    (focused.disabled ? row.querySelector(`[data-move="${-step}"]`) : focused).focus();
  }

  #put(row, index) {
    const others = this.#rows.filter((one) => one !== row);
    this.#list.insertBefore(row, others[index] ?? null);
    this.#number();
  }

  #number() {
    const rows = this.#rows;
    for (const [index, row] of rows.entries()) {
      row.querySelector("[data-place]").textContent = index + 1;
      row.querySelector('[data-move="-1"]').disabled = index === 0;
      row.querySelector('[data-move="1"]').disabled = index === rows.length - 1;
    }
  }

  #tell(row, from) {
    this.#number();
    const rows = this.#rows;
    const place = rows.indexOf(row) + 1;
    const words = { title: row.dataset.title, place, total: rows.length };
    this.#said.textContent = this.#list.dataset.moved.replace(/\{(\w+)\}/g, (_, name) => words[name]);
    const before = row.nextElementSibling?.dataset.media ?? "";
    this.#told = this.#told.then(() => this.#send(row, before, from));
  }

  async #send(row, before, from) {
    const body = new FormData();
    body.set("before", before);
    try {
      await postForm(row.querySelector("[data-move]").formAction, body);
    } catch (error) {
      console.warn(error);
      this.#put(row, from);
      this.#said.textContent = error.words || this.#list.dataset.failed;
    }
  }
}

const list = document.querySelector("[data-playlist-rows]");
if (list) new Order(list);
