/*
 * What is shown of one file: a copy of <template data-upload-row>, filled from an UploadItem.
 *
 * Parts by attribute: input[data-title] · [data-file] name and size · progress · [data-state] words · [data-pace]
 * percent, speed, time left · [data-captions] · a[data-link] · [data-error] (hidden) with [data-words], code ·
 * button[data-main] pause, resume or try again · button[data-end] cancel or remove.
 */

import { durationWords, sizeWords } from "./upload_words.js";

const MAIN = { queued: "pause", sending: "pause", waiting: "pause", paused: "resume", failed: "again" };
const ENDS = ["ready", "queued", "sending", "waiting", "paused", "failed"]; // here it can still be cancelled
const BROKEN = ["refused", "failed", "expired"];

export class UploadRow {
  #item;
  #sentences;
  #mediaUrl;

  /** `on` answers a press of a button: pause, resume, again, cancel, remove. */
  constructor(item, { template, sentences, mediaUrl, on }) {
    this.#item = item;
    this.#sentences = sentences;
    this.#mediaUrl = mediaUrl;
    this.element = template.content.firstElementChild.cloneNode(true);
    this.#part("main").addEventListener("click", () => on(MAIN[item.state], item));
    this.#part("end").addEventListener("click", () => on(this.#end, item));
    this.#showFile();
    this.show();
  }

  get #end() {
    return this.#item.is(...ENDS) ? "cancel" : "remove";
  }

  #part(name) {
    return this.element.querySelector(`[data-${name}]`);
  }

  #say(name, facts) {
    return this.#sentences.say(name, { name: this.#item.file.name, ...facts });
  }

  #showFile() {
    const { file, title } = this.#item;
    const field = this.#part("title");
    field.hidden = this.#item.replaces !== null; // the media keeps its title
    field.value = title;
    field.setAttribute("aria-label", this.#say("titleOf"));
    field.addEventListener("input", () => (this.#item.title = field.value.trim()));
    this.#part("file").textContent = `${file.name} · ${sizeWords(file.size)}`;
    this.element.querySelector("progress").setAttribute("aria-label", this.#say("progressOf"));
  }

  show() {
    const { state } = this.#item;
    this.element.dataset.uploadState = state;
    this.#part("title").readOnly = !["ready", "queued"].includes(state) || this.#item.id !== null;
    this.#part("state").textContent = this.stateWords;
    this.#showProgress();
    this.#showCaptions();
    this.#showLink();
    this.#showFailure();
    this.#showButtons();
  }

  get stateWords() {
    const { state, failure } = this.#item;
    if (state === "waiting" && failure) return this.#say(failure.code === "423" ? "waitingForOther" : "waitingForServer");
    return this.#say(`state${state[0].toUpperCase()}${state.slice(1)}`);
  }

  #showProgress() {
    const { sent, size, speed, state } = this.#item;
    const percent = Math.floor((sent / Math.max(size, 1)) * 100);
    const bar = this.element.querySelector("progress");
    bar.hidden = state === "refused" || (BROKEN.includes(state) && !sent);
    bar.value = percent;
    const words = [`${percent} %`];
    if (state === "sending" && speed > 0) {
      words.push(this.#say("speed", { size: sizeWords(speed) }));
      words.push(this.#say("left", { time: durationWords((size - sent) / speed) }));
    }
    const isMoving = ["queued", "sending", "waiting", "paused"].includes(state);
    this.#part("pace").textContent = isMoving ? words.join(" · ") : "";
  }

  #showCaptions() {
    const { captions, captionsFailure } = this.#item;
    const place = this.#part("captions");
    place.hidden = !captions;
    if (!captions) return;
    const facts = { captions: captions.name, words: captionsFailure?.message ?? "" };
    place.textContent = this.#say(captionsFailure ? "captionsRefused" : "captionsWith", facts);
    place.toggleAttribute("data-broken", Boolean(captionsFailure));
  }

  #showLink() {
    const { media, state } = this.#item;
    const link = this.#part("link");
    link.hidden = !media || !["accepted", "duplicate"].includes(state);
    if (link.hidden) return;
    link.href = this.#mediaUrl(media);
    link.textContent = this.#say(state === "duplicate" ? "openExisting" : "open");
  }

  #showFailure() {
    const { failure, state } = this.#item;
    const place = this.#part("error");
    place.hidden = !failure || !BROKEN.includes(state);
    if (place.hidden) return;
    this.#part("words").textContent = failure.message || this.#failureWords(failure);
    place.querySelector("code").textContent = failure.code;
  }

  #failureWords({ code, status }) {
    if (code === "unreadable") return this.#say("unreadable");
    if ([401, 403].includes(status)) return this.#say("loggedOut");
    return this.#say([404, 410].includes(status) ? "gone" : "broken");
  }

  #showButtons() {
    const main = MAIN[this.#item.state];
    this.#part("main").hidden = !main;
    if (main) this.#label("main", main);
    this.#label("end", this.#end);
  }

  #label(part, verb) {
    const button = this.#part(part);
    const words = this.#say(verb);
    if (button.textContent === words) return;
    button.textContent = words;
    button.setAttribute("aria-label", `${words}: ${this.#item.file.name}`);
  }
}
