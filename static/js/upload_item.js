/*
 * One file on its way into the library: ready → queued → sending ⇄ waiting / paused → checking → accepted, duplicate
 * or refused; cancelled and expired at any time. Tells its page by "change" events.
 */

import { persist } from "./upload_patience.js";
import { Refusal, Unreachable } from "./upload_server.js";
import { sendThroughServer, sendToBucket } from "./upload_ways.js";

export const IN_FLIGHT = ["sending", "waiting"];
export const UNSETTLED = ["ready", "queued", ...IN_FLIGHT, "paused"];
const REMEMBERED = 10_000; // milliseconds over which the speed is measured
const WAYS = { tus: sendThroughServer, multipart: sendToBucket };
const GONE = [404, 410];

class Stopped extends Error {}

export class UploadItem extends EventTarget {
  #server;
  #stop = null;
  #samples = [];
  #furthest = 0; // bytes; what goes out up to here once more is no progress
  #sentCaptions = null;
  #heldBack = null; // why captions stayed behind, while the film goes on

  /** Keys or null: `replaces` of the media whose file it takes the place of, `batch` of what it is brought in with. */
  constructor(file, { server, fingerprint, replaces = null, batch = null }) {
    super();
    this.#server = server;
    Object.assign(this, { file, fingerprint, replaces, batch });
    Object.assign(this, { id: null, method: null, title: stemOf(file.name), captions: null });
    Object.assign(this, { state: "ready", sent: 0, failure: null, media: null });
  }

  get size() {
    return this.file.size;
  }

  get captionsFailure() {
    return this.#heldBack;
  }

  /** Bytes a second, over the last ten; 0 while nobody knows. */
  get speed() {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    return first && last.at > first.at ? ((last.sent - first.sent) / (last.at - first.at)) * 1000 : 0;
  }

  is(...states) {
    return states.includes(this.state);
  }

  /** Goes on with what the server has of this file (upload_server.js, list). */
  adopt({ id, method, title, received }) {
    Object.assign(this, { id, method, title: title || this.title });
    this.#note(received);
  }

  queue() {
    if (this.is("ready", "paused", "failed")) this.#become("queued", { failure: null });
  }

  /** Refused before a byte was sent. */
  refuse(code, message) {
    this.#become("refused", { failure: { code, message } });
  }

  attach(captions) {
    this.captions = captions;
    this.#changed();
    if (this.is(...IN_FLIGHT) && this.id) this.#sendCaptions();
  }

  pause() {
    if (!this.is("queued", ...IN_FLIGHT)) return;
    this.#become("paused");
    this.#stop?.abort(new Stopped());
  }

  async cancel() {
    const { id } = this;
    this.#become("cancelled");
    this.#stop?.abort(new Stopped());
    if (id) await this.#server.cancel(id).catch(() => {}); // what is left there expires
    this.#changed();
  }

  /** Sends it; answers when it no longer takes a place among those in flight. */
  async send() {
    this.#stop = new AbortController();
    this.#samples = [];
    this.#furthest = 0;
    this.#become("sending");
    try {
      await this.#sendAll(this.#stop.signal);
      this.#become("checking");
    } catch (error) {
      await this.#onFailure(error);
    }
  }

  async #sendAll(signal) {
    const onWait = (error) => this.#become("waiting", { failure: error.status ? { code: String(error.status) } : null });
    if (!this.id) await this.#start({ signal, onWait });
    signal.throwIfAborted();
    await this.#sendCaptions(signal);
    const way = WAYS[this.method];
    await persist((progressed) => way(this.file, this.#journey(signal, progressed)), { signal, onWait });
  }

  /** Not to be aborted: a reservation whose key never came back would count twice. */
  async #start({ signal, onWait }) {
    let tries = 0;
    const begin = async () => (tries++ && (await this.#find())) || this.#server.start(this);
    const { id, method } = await persist(begin, { signal, onWait });
    Object.assign(this, { id, method });
    if (this.is("cancelled")) await this.#server.cancel(id).catch(() => {});
  }

  /** The answer may have been lost, and not the question. */
  async #find() {
    return (await this.#server.list("receiving")).find(
      ({ fingerprint, replaces }) => fingerprint === this.fingerprint && replaces === this.replaces,
    );
  }

  #journey(signal, progressed) {
    const onProgress = (sent) => {
      if (sent > this.#furthest) progressed();
      this.#furthest = Math.max(this.#furthest, sent);
      this.#note(sent);
      if (this.is("waiting")) this.#become("sending", { failure: null });
    };
    return { server: this.#server, id: this.id, signal, onProgress };
  }

  /** Refused captions do not hold the film back; the row says why. */
  async #sendCaptions(signal = this.#stop.signal) {
    const { captions } = this;
    if (!captions || captions === this.#sentCaptions) return;
    try {
      await persist(() => this.#server.sendCaptions(this.id, captions, signal), { signal, onWait: () => {} });
      this.#heldBack = null;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#heldBack = error;
    }
    this.#sentCaptions = captions;
    this.#changed();
  }

  async #onFailure(error) {
    if (error instanceof Stopped) return;
    if (!(error instanceof Refusal || error instanceof Unreachable)) {
      console.error(error);
      error = new Refusal(0, { code: "unreadable" }); // the file was moved or changed since it was chosen
    }
    if (GONE.includes(error.status) && this.id) await this.#settle(error);
    else this.#become("failed", { failure: error });
  }

  /** Another window or device has finished it, or it has expired: the server knows. */
  async #settle(error) {
    const row = await this.#server.read(this.id).catch(() => null);
    if (row && row.state !== "receiving") return this.report(row);
    this.id = null; // nothing is left of it there: trying again begins anew
    this.sent = 0;
    this.#become("failed", { failure: error });
  }

  /** What the server says about it after the last byte. */
  report({ state, code, message, media }) {
    const now = state === "receiving" ? "paused" : state;
    this.#become(now, { failure: code ? { code, message } : null, media });
  }

  #note(sent) {
    const at = performance.now();
    this.sent = sent;
    this.#samples.push({ at, sent });
    while (this.#samples[0].at < at - REMEMBERED) this.#samples.shift();
    this.#changed();
  }

  #become(state, facts = {}) {
    if (this.state === "cancelled") return;
    Object.assign(this, facts, { state });
    if (state === "checking") this.sent = this.size;
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** The name of a file without its ending. */
export function stemOf(name) {
  return name.replace(/\.[^.]+$/, "") || name;
}
