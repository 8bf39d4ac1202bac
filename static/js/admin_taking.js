/*
 * Taking frames: <form data-taking data-extractions-url data-failed> with the fields batch, mode, interval and at.
 * How many there will be is asked of the server as soon as the choice changes, and told in [data-estimate];
 * [data-now] takes the second that the player of the page shows.
 */

import { postJson } from "./requests.js";

const PAUSE = 400; // milliseconds after the last change

class Taking {
  #form;
  #timer = null;
  #asked = 0;

  constructor(form) {
    this.#form = form;
    form.addEventListener("input", () => this.#soon());
    const now = form.querySelector("[data-now]");
    now.hidden = document.querySelector("video") === null;
    now.addEventListener("click", () => this.#takeNow());
    this.#ask();
  }

  #takeNow() {
    const { at, mode } = this.#form.elements;
    const second = Math.floor((document.querySelector("video")?.currentTime ?? 0) * 10) / 10;
    at.value = Math.min(second, at.max === "" ? second : Number(at.max)).toFixed(1); // at its end a film shows nothing
    mode.value = "moment";
    this.#soon();
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), PAUSE);
  }

  async #ask() {
    const number = ++this.#asked;
    const words = await this.#estimate();
    if (number === this.#asked) this.#form.querySelector("[data-estimate]").textContent = words;
  }

  async #estimate() {
    try {
      return (await postJson(`${this.#form.dataset.extractionsUrl}?dry_run=true`, this.#choice())).words;
    } catch (error) {
      return error.words || this.#form.dataset.failed;
    }
  }

  #choice() {
    const { batch, mode, interval, at } = Object.fromEntries(new FormData(this.#form));
    return { batch, mode, interval: interval || null, at: at || null };
  }
}

for (const form of document.querySelectorAll("[data-taking]")) new Taking(form);
