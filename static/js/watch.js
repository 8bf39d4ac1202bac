/*
 * Tells the server which seconds were really played: about every 10 seconds, on pause, at the end and on leaving.
 *
 * On the player's element: data-sessions-url, data-media, and if it has them data-item, data-referrer; data-wants-length
 * where nobody has told the server yet how long it is, so that the player's word helps.
 * Each answer goes to the page as the event "lectern:progress" on document; progress.js shows it.
 * [data-watch-error] (hidden) is shown while reports do not arrive.
 *
 * Nothing is lost or counted twice: what was not confirmed goes with the next report, and the server unites. What
 * cannot be told at all for now is kept in the browser (kept_reports.js), and told before another visit begins.
 */
import { PlayedIntervals, mergeIntervals } from "./intervals.js";
import { forgetReport, keepReport, personOf, postReport, sendKept } from "./kept_reports.js";
import { pagePlayer } from "./page_player.js";
import { postJson } from "./requests.js";

const BEAT = 10_000; // milliseconds
const FAILURES_BEFORE_TELLING = 2;
const SESSION_IS_OVER = [404, 409, 410];
const REPORT_IS_WRONG = [400, 413, 422];

function device() {
  if (!matchMedia("(pointer: coarse)").matches) return "desktop";
  return Math.min(screen.width, screen.height) < 600 ? "mobile" : "tablet";
}

function referrer(media) {
  if (media.dataset.referrer) return media.dataset.referrer;
  return document.referrer.startsWith(`${location.origin}/`) ? "course_page" : "direct_link";
}

const clock = () => performance.now() / 1000; // seconds

class WatchReporter {
  #media;
  #played = new PlayedIntervals();
  #inFlight = []; // intervals under way to the server
  #session = null; // promise of {id, key, …} once playing began
  #visit = null; // the id of that session, once it is known
  #person = null; // whose it is: another person's may be kept in this browser, too
  #kept = null; // promise that what is kept of earlier visits was told, as far as possible
  #busy = false;
  #position = null; // as last reported
  #failures = 0;

  constructor(media) {
    this.#media = media;
  }

  observe() {
    const on = (name, action) => this.#media.addEventListener(name, action);
    on("playing", () => this.#onPlaying());
    on("timeupdate", () => this.#sample());
    on("ratechange", () => this.#sample());
    on("seeking", () => this.#played.stop());
    on("pause", () => this.#onStopped());
    on("ended", () => this.#onStopped());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.#report({ leaving: true });
    });
    addEventListener("pagehide", () => this.#end());
    addEventListener("pageshow", ({ persisted }) => persisted && this.#sendKept());
    addEventListener("online", () => this.#onOnline());
    setInterval(() => this.#beat(), BEAT);
    this.#sendKept();
  }

  #sendKept() {
    const shows = ({ media, key }) => media === this.#media.dataset.media && personOf(key) === this.#person;
    const tell = (answer, entry) => shows(entry) && this.#succeeded(answer);
    this.#kept = sendKept(this.#media.dataset.sessionsUrl, { except: this.#visit, tell });
  }

  #onOnline() {
    this.#sendKept();
    this.#beat();
  }

  #onPlaying() {
    this.#session ??= this.#openSession();
    if (!this.#media.seeking) this.#played.start(this.#media.currentTime, clock(), this.#media.playbackRate);
  }

  #sample() {
    const { currentTime, paused, playbackRate, seeking } = this.#media;
    if (seeking) this.#played.stop();
    else if (!paused) this.#played.advance(currentTime, clock(), playbackRate);
  }

  #onStopped() {
    const { currentTime, playbackRate, seeking } = this.#media;
    if (!seeking && this.#played.isGrowing) this.#played.advance(currentTime, clock(), playbackRate);
    this.#played.stop();
    this.#report();
  }

  #beat() {
    const moved = this.#position !== null && this.#position !== this.#media.currentTime;
    if (moved || this.#played.hasUnsent) this.#report();
  }

  async #openSession() {
    const { item, media, sessionsUrl } = this.#media.dataset;
    await this.#kept;
    const session = await postJson(sessionsUrl, {
      media,
      item: item ?? null,
      device: device(),
      referrer: referrer(this.#media),
    }).catch((error) => this.#failed(error));
    if (session) this.#succeeded(session);
    else this.#session = null;
    this.#visit = session?.id ?? null;
    this.#person = session ? personOf(session.key) : null;
    return session;
  }

  async #report({ leaving = false } = {}) {
    if (this.#busy && !leaving) return;
    if (!this.#session && !this.#played.hasUnsent) return;
    this.#busy = true;
    try {
      const session = await (this.#session ??= this.#openSession());
      if (session) await this.#send("progress/", session, leaving);
    } finally {
      this.#busy = false;
    }
  }

  /** The page goes. It may come back from the browser's memory, then playing opens another session. */
  #end() {
    this.#played.stop();
    const opened = this.#session;
    this.#session = this.#visit = null;
    opened?.then((session) => session && this.#send("end/", session, true));
  }

  async #send(verb, session, leaving) {
    const taken = this.#played.take();
    const intervals = mergeIntervals([...this.#inFlight, ...taken]);
    this.#inFlight = intervals;
    const [body, left] = [this.#body(intervals), verb === "end/"];
    if (leaving) this.#keep(session, body, left);
    try {
      const url = `${this.#media.dataset.sessionsUrl}${session.id}/${verb}`;
      this.#succeeded(await postReport(url, body, { key: session.key, keepalive: leaving }));
      forgetReport(session.id);
    } catch (error) {
      this.#undelivered(session, body, left, error.status);
      this.#failed(error);
    }
    if (this.#inFlight === intervals) this.#inFlight = [];
  }

  #undelivered(session, body, left, status) {
    if (!REPORT_IS_WRONG.includes(status)) this.#played.giveBack(body.intervals);
    if (SESSION_IS_OVER.includes(status)) this.#session = this.#visit = null;
    if (SESSION_IS_OVER.includes(status) || REPORT_IS_WRONG.includes(status)) forgetReport(session.id);
    else this.#keep(session, body, left);
  }

  #keep(session, body, left) {
    const { media, sessionsUrl } = this.#media.dataset;
    keepReport(session, { sessionsUrl, media, left }, body);
  }

  #body(intervals) {
    const { currentTime, duration, playbackRate } = this.#media;
    this.#position = currentTime;
    const body = { intervals, position: currentTime, speed: playbackRate };
    return this.#wantsLength && duration > 0 && Number.isFinite(duration) ? { ...body, duration } : body;
  }

  get #wantsLength() {
    return "wantsLength" in this.#media.dataset;
  }

  #succeeded(answer) {
    this.#failures = 0;
    this.#tellTrouble(false);
    const { item, media } = this.#media.dataset;
    document.dispatchEvent(new CustomEvent("lectern:progress", { detail: { ...answer, media, item: item ?? null } }));
  }

  #failed(error) {
    console.warn("The watched seconds were not saved yet:", error);
    this.#failures += 1;
    this.#tellTrouble(this.#failures >= FAILURES_BEFORE_TELLING);
  }

  #tellTrouble(visible) {
    const notice = document.querySelector("[data-watch-error]");
    if (notice) notice.hidden = !visible;
  }
}

/** media: an HTMLMediaElement, or anything with its events, currentTime, duration, paused, playbackRate, seeking. */
export function watch(media) {
  new WatchReporter(media).observe();
}

if (pagePlayer?.dataset.sessionsUrl) watch(pagePlayer);
