/*
 * Notes and bookmarks of the lesson, written without leaving it.
 *
 * [data-notes] holds the form, <div data-fragment> with the notes there are (panels.js), and [data-notes-said], which
 * tells what happened. [data-note-at] follows the player until somebody begins to write, or writes a time there.
 * Keys: n writes a note at this second, b bookmarks it. Without this script the forms are sent as forms are.
 */
import { pagePlayer } from "./page_player.js";
import { AS_SCRIPT, fill } from "./panels.js";
import { csrfToken } from "./requests.js";
import { showPanel } from "./show_panel.js";
import { clockTime } from "./time.js";
import { CAUGHT, isTyping } from "./typing.js";

class Notes {
  #root;
  #form;
  #text;
  #at;
  #said;
  #isBusy = false; // one note at a time, however often a button is pressed
  #isHeld = false; // the time stays where it was when writing began

  constructor(root) {
    this.#root = root;
    this.#form = root.querySelector("form");
    this.#text = root.querySelector("[data-note-text]");
    this.#at = root.querySelector("[data-note-at]");
    this.#said = root.querySelector("[data-notes-said]");
    root.addEventListener("submit", (event) => this.#onSubmit(event));
    this.#text.addEventListener("keydown", (event) => this.#onKey(event));
    this.#follow();
  }

  /** A note at this second. */
  begin() {
    showPanel(this.#root.closest("section[id], details[id]").id);
    if (!this.#text.value) this.#release();
    this.#isHeld = true;
    this.#text.focus();
    this.#root.scrollIntoView({ block: "nearest" });
  }

  bookmark() {
    const button = this.#root.querySelector("[data-note-bookmark]");
    if (!button) return;
    const [at, isHeld] = [this.#at?.value, this.#isHeld];
    this.#release();
    this.#form.requestSubmit(button);
    this.#isHeld = isHeld; // a note that is being written keeps its second
    if (isHeld && this.#at) this.#at.value = at;
  }

  #follow() {
    if (!this.#at || !pagePlayer) return;
    pagePlayer.addEventListener("timeupdate", () => this.#showSecond());
    pagePlayer.addEventListener("seeking", () => this.#showSecond());
    this.#text.addEventListener("input", () => (this.#isHeld = this.#text.value !== ""));
    this.#at.addEventListener("input", () => (this.#isHeld = true));
    this.#showSecond();
  }

  #release() {
    this.#isHeld = false;
    this.#showSecond();
  }

  #showSecond() {
    if (this.#at && pagePlayer && !this.#isHeld) this.#at.value = clockTime(pagePlayer.currentTime);
  }

  #onKey(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#form.requestSubmit();
    if (event.key === "Escape") this.#text.blur();
  }

  async #onSubmit(event) {
    event.preventDefault();
    if (this.#isBusy) return;
    this.#isBusy = true;
    await this.#send(event.target, event.submitter);
    this.#isBusy = false;
  }

  async #send(form, submitter) {
    const body = new URLSearchParams(new FormData(form, submitter));
    const isBookmark = body.has("bookmark");
    try {
      const response = await this.#post(form.action, body);
      const list = this.#root.querySelector("[data-fragment]");
      await fill(list, response);
      if (response.ok) this.#succeeded(form, isBookmark);
      else list.querySelector("[role=alert]")?.focus();
    } catch (error) {
      console.warn("The note was not saved:", error);
      this.#tell("failed", { aloud: true });
    }
  }

  #post(url, body) {
    const headers = { ...AS_SCRIPT, "X-CSRFToken": csrfToken() };
    return fetch(url, { method: "POST", headers, body, credentials: "same-origin" });
  }

  #succeeded(form, isBookmark) {
    this.#tell(isBookmark ? "bookmarked" : (form.dataset.says ?? "saved"), { aloud: isBookmark });
    if (form !== this.#form) this.#text.focus(); // the button that was pressed is gone with its note
    else if (!isBookmark) this.#written();
  }

  /** The keyboard goes back to the lesson, where k plays on. */
  #written() {
    this.#text.value = "";
    this.#text.blur();
    this.#release();
  }

  #tell(what, { aloud = false } = {}) {
    this.#said.textContent = "";
    this.#said.classList.toggle("visually-hidden", !aloud);
    setTimeout(() => (this.#said.textContent = this.#said.dataset[what]));
  }
}

const root = document.querySelector("[data-notes]");

if (root) {
  const notes = new Notes(root);
  const keys = { n: () => notes.begin(), b: () => notes.bookmark() };
  document.addEventListener("keydown", (event) => {
    const action = keys[event.key];
    if (!action || isTyping(event)) return;
    event.preventDefault();
    if (!event.repeat) action();
  }, CAUGHT);
}
