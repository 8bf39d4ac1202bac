/*
 * What the server still waits for, whichever device began it: <section data-upload-unfinished hidden> with
 * [data-heading], a list [data-list], and <template data-unfinished-row>: [data-file], [data-pace], button[data-end].
 */

import { sizeWords } from "./upload_words.js";

export class UnfinishedUploads {
  #place;
  #server;
  #sentences;
  #rows = [];
  #isMine;
  #replaces;

  /** `isMine` answers whether this page sends the upload of that key itself; only what `replaces` the same counts. */
  constructor(place, { server, sentences, isMine, replaces = null }) {
    this.#place = place;
    this.#server = server;
    this.#sentences = sentences;
    this.#isMine = isMine;
    this.#replaces = replaces;
  }

  /** What was known before stays where the server cannot be asked. */
  async refresh() {
    this.#rows = await this.#server.list("receiving").catch(() => this.#rows);
    this.show();
  }

  /** The unfinished upload of that very file, if there is one. */
  matching(fingerprint) {
    return this.#others.find((row) => row.fingerprint === fingerprint);
  }

  get #others() {
    return this.#rows.filter(({ id, replaces }) => replaces === this.#replaces && !this.#isMine(id));
  }

  show() {
    const rows = this.#others;
    this.#place.hidden = rows.length === 0;
    this.#place.querySelector("[data-heading]").textContent = this.#sentences.count("unfinished", rows.length);
    this.#place.querySelector("[data-list]").replaceChildren(...rows.map((row) => this.#rowOf(row)));
  }

  #rowOf(row) {
    const template = this.#place.querySelector("[data-unfinished-row]");
    const element = template.content.firstElementChild.cloneNode(true);
    const facts = {
      percent: Math.floor((row.received / row.size) * 100),
      size: sizeWords(row.size),
      day: new Date(row.expires_at).toLocaleDateString(document.documentElement.lang || undefined),
    };
    element.querySelector("[data-file]").textContent = row.filename;
    element.querySelector("[data-pace]").textContent = this.#sentences.say("unfinishedPace", facts);
    const button = element.querySelector("[data-end]");
    button.setAttribute("aria-label", `${button.textContent}: ${row.filename}`);
    button.addEventListener("click", () => this.#cancel(row));
    return element;
  }

  async #cancel(row) {
    if (!confirm(this.#sentences.say("cancelAsk", { name: row.filename }))) return;
    await this.#server.cancel(row.id).catch(() => {});
    await this.refresh();
    document.querySelector("[data-upload-files]").focus();
  }
}
