/*
 * Playing a playlist through: at the end the next one begins after a few seconds, unless the person wants to stay or
 * is writing something. Shift+N and Shift+P go on and back at once (learn_keys.js).
 *
 * [data-up-next] (hidden) with [data-up-next-title data-title] and, where something follows, the link [data-up-next-play],
 * [data-up-next-count] with [data-up-next-seconds], and the button [data-up-next-cancel]. Escape stays, too.
 * [data-queue-current] is the link of what plays now, inside the scrolling [data-queue].
 */
import { pagePlayer } from "./page_player.js";
import { isTyping } from "./typing.js";
import "./learn_keys.js";

const SECONDS = 8;
const WRITING = "input, textarea, select, [contenteditable]";

class UpNext {
  #box;
  #count;
  #left = 0;
  #link;
  #timer = null;

  constructor(box) {
    this.#box = box;
    this.#count = box.querySelector("[data-up-next-count]");
    this.#link = box.querySelector("[data-up-next-play]");
    box.querySelector("[data-up-next-cancel]")?.addEventListener("click", () => this.stay());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#timer && !isTyping(event)) this.stay();
    });
  }

  show() {
    const title = this.#box.querySelector("[data-up-next-title]");
    title.textContent = title.dataset.title;
    this.#box.hidden = false;
    this.#box.scrollIntoView({ block: "nearest" });
    if (this.#link && !this.#isBusy) this.#countDown();
  }

  stay() {
    this.#stop();
    this.#box.hidden = true;
  }

  /** Nobody is led away from what they write, or from a dialog. */
  get #isBusy() {
    return Boolean(document.activeElement?.matches(WRITING) || document.querySelector("dialog[open]"));
  }

  #countDown() {
    this.#left = SECONDS;
    this.#count.hidden = false;
    this.#tick();
    this.#timer = setInterval(() => this.#tick(), 1000);
  }

  #tick() {
    if (this.#isBusy) {
      this.#stop();
    } else if (this.#left === 0) {
      this.#stop();
      this.#link.click();
    } else {
      this.#count.querySelector("[data-up-next-seconds]").textContent = this.#left;
      this.#left -= 1;
    }
  }

  #stop() {
    clearInterval(this.#timer);
    this.#timer = null;
    if (this.#count) this.#count.hidden = true;
  }
}

/** Without moving the page itself. */
function showCurrent(queue) {
  const current = queue?.querySelector("[data-queue-current]");
  if (current) queue.scrollTop = current.offsetTop - queue.clientHeight / 3;
}

const box = document.querySelector("[data-up-next]");
if (pagePlayer && box) {
  const next = new UpNext(box);
  pagePlayer.addEventListener("ended", () => next.show());
  for (const name of ["playing", "seeking"]) pagePlayer.addEventListener(name, () => next.stay());
}
showCurrent(document.querySelector("[data-queue]"));
