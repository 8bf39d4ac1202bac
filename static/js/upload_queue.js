/* Many uploads, five at a time; and what becomes of those that have arrived. */

import { IN_FLIGHT, UNSETTLED } from "./upload_item.js";

const AT_ONCE = 5;
const LOOK_EVERY = 2_000; // milliseconds
const LONGEST_PAUSE = 30_000;

/** Starts what is queued, in the order of the list, as places become free. */
export class UploadQueue extends EventTarget {
  #server;
  #pause = LOOK_EVERY;
  #isLooking = false;
  items = [];

  constructor(server) {
    super();
    this.#server = server;
  }

  add(item) {
    this.items.push(item);
    item.addEventListener("change", () => this.#onChange(item));
    this.#onChange(item);
  }

  remove(item) {
    this.items = this.items.filter((other) => other !== item);
    this.dispatchEvent(new CustomEvent("change", { detail: item }));
  }

  those(...states) {
    return this.items.filter((item) => item.is(...states));
  }

  /** What would be lost for now if the page were left. */
  get isBusy() {
    return this.those("queued", ...IN_FLIGHT).length > 0;
  }

  /** Bytes of all that is to arrive or has arrived, and how many of them are there. */
  get total() {
    const counted = this.those(...UNSETTLED, "checking", "accepted", "duplicate");
    const sum = (fact) => counted.reduce((total, item) => total + item[fact], 0);
    const speed = this.those("sending").reduce((total, item) => total + item.speed, 0);
    return { count: counted.length, size: sum("size"), sent: sum("sent"), speed };
  }

  #onChange(item) {
    this.dispatchEvent(new CustomEvent("change", { detail: item }));
    queueMicrotask(() => this.#fill());
    if (item.is("checking")) this.#lookSoon();
  }

  #fill() {
    const free = AT_ONCE - this.those(...IN_FLIGHT).length;
    for (const item of this.those("queued").slice(0, Math.max(0, free))) item.send();
  }

  #lookSoon() {
    if (this.#isLooking) return;
    this.#isLooking = true;
    setTimeout(() => this.#look(), this.#pause);
  }

  /** One question for all that are being checked; then one for each that no longer is. */
  async #look() {
    try {
      const busy = new Set((await this.#server.list("checking")).map(({ id }) => id));
      for (const item of this.those("checking").filter(({ id }) => !busy.has(id))) {
        item.report(await this.#server.read(item.id));
      }
      this.#pause = LOOK_EVERY;
    } catch {
      this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
    }
    this.#isLooking = false;
    if (this.those("checking").length) this.#lookSoon();
  }
}
