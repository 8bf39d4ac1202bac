/*
 * Taking frames: <form data-taking data-estimate-url data-failed> with the fields batch, mode, interval and at.
 * How many there will be is asked of the server as soon as the choice changes, and told in [data-estimate];
 * [data-now] takes the second that the player of the page shows.
 */

import { getJson } from "./requests.js";

const PAUSE = 400; // milliseconds after the last change
const CHOICE = ["batch", "mode", "interval", "at"];

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
      return (await getJson(`${this.#form.dataset.estimateUrl}?${this.#choice()}`)).words;
    } catch (error) {
      return error.words || this.#form.dataset.failed;
    }
  }

  #choice() {
    const sent = [...new FormData(this.#form)];
    return new URLSearchParams(sent.filter(([name, value]) => CHOICE.includes(name) && value));
  }
}

for (const form of document.querySelectorAll("[data-taking]")) new Taking(form);
