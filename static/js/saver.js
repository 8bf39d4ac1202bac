/*
 * Saves what somebody writes, a moment after the last key: one request at a time, so that none overtakes another, and
 * again and again while nobody answers. Whoever leaves before is asked whether they mean it.
 *
 * `send()` sends what is unsaved and answers words for the person, or raises RequestFailed or TypeError; `state` is the
 * element that shows them. `words` are those for: unsaved, saving, failed, loggedOut; what has none is not told.
 */

import { renewToken } from "./requests.js";

const AGAIN = 5000; // ms until the next try

export class Saver {
  #send;
  #state;
  #words;
  #moment;
  #timer = 0;
  #isSending = false;
  #isChanged = false; // since what was last sent
  #isRefused = false; // which is final until something is changed
  #isLeaving = false;

  constructor({ send, state, words, moment }) {
    this.#send = send;
    this.#state = state;
    this.#words = words;
    this.#moment = moment;
    addEventListener("online", () => this.#plan(0));
    addEventListener("beforeunload", (event) => {
      if (this.#isUnsaved && !this.#isLeaving) event.preventDefault();
    });
  }

  /** Something was changed. */
  touch() {
    this.#isChanged = true;
    this.#tell(this.#words.unsaved);
    this.#plan(this.#moment);
  }

  saveNow() {
    this.#plan(0);
  }

  /** The page goes, with what is on it. */
  leave() {
    this.#isLeaving = true;
    clearTimeout(this.#timer);
  }

  get #isUnsaved() {
    return this.#isChanged || this.#isSending || this.#isRefused;
  }

  #plan(wait) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), wait);
  }

  async #save() {
    if (this.#isSending || !this.#isChanged) return;
    this.#isSending = true;
    this.#isChanged = false;
    this.#tell(this.#words.saving);
    const wait = await this.#sent();
    this.#isSending = false;
    if (this.#isChanged && !this.#isLeaving) this.#plan(wait);
  }

  /** Answers how long to wait before more is sent. */
  async #sent() {
    try {
      this.#tell(await this.#send());
      this.#isRefused = false;
      return this.#moment;
    } catch (error) {
      return this.#failed(error);
    }
  }

  #failed(error) {
    this.#isRefused = Boolean(error.isRefusal);
    if (error.isRefusal) {
      this.#tell(error.words);
      return this.#moment;
    }
    this.#isChanged = true;
    this.#tell(error.isLoggedOut ? this.#words.loggedOut : this.#words.failed);
    if (error.isLoggedOut) renewToken().catch(() => {}); // the next try says what is the matter
    return AGAIN;
  }

  #tell(words) {
    if (words) this.#state.textContent = words;
  }
}
