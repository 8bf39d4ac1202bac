/*
 * Fresh addresses: those of a page open for some hours. When they have run out, as after a long pause, or were refused,
 * as after logging in again in another tab, the player asks for new ones and goes on at the same second.
 *
 *   data-links-url      answers {hls_url, previews_url, seconds}
 *   data-links-seconds  how long the page's own addresses open
 * Others hear of fresh ones by the event "lectern:links" on the element, with that answer as its detail.
 * Whoever may not watch any more, or is not logged in any more, gets the page again, which says so.
 */
import { getJson } from "./requests.js";

const MARGIN = 5; // seconds before the end at which links count as run out
const PATIENCE = 10_000; // milliseconds between two tries
const REFUSED = [401, 403, 404];

class Links {
  #media;
  #player;
  #end;
  #lastTry = -Infinity;

  constructor(media, player) {
    this.#media = media;
    this.#player = player;
    this.#openFor(Number(media.dataset.linksSeconds));
  }

  watch() {
    for (const name of ["play", "seeking", "timeupdate", "waiting", "stalled"]) {
      this.#media.addEventListener(name, () => this.#ranOut && this.renew());
    }
    this.#media.addEventListener("error", () => this.renew(), { capture: true });
    window.videojs?.Vhs?.xhr.onResponse?.((request, error, response) => {
      if (response?.statusCode === 404) this.renew();
    });
  }

  async renew() {
    if (performance.now() - this.#lastTry < PATIENCE) return;
    this.#lastTry = performance.now();
    try {
      const links = await getJson(this.#media.dataset.linksUrl);
      this.#openFor(links.seconds);
      this.#goOn(links.hls_url);
      this.#media.dispatchEvent(new CustomEvent("lectern:links", { detail: links }));
    } catch (error) {
      if (REFUSED.includes(error.status)) location.reload();
      else console.warn("No fresh addresses yet:", error);
    }
  }

  get #ranOut() {
    return Date.now() > this.#end; // the wall clock: others stand still while a computer sleeps
  }

  #openFor(seconds) {
    this.#end = Date.now() + Math.max(seconds - MARGIN, seconds / 2) * 1000;
  }

  /** Video.js forgets speed and second with the old source. */
  #goOn(url) {
    const player = this.#player ?? this.#media;
    const { currentTime, paused, playbackRate } = this.#media;
    const goOn = () => {
      this.#media.currentTime = currentTime;
      this.#media.playbackRate = playbackRate;
      if (!paused) this.#media.play()?.catch(() => {});
    };
    this.#media.addEventListener("loadedmetadata", goOn, { once: true });
    if (this.#player) player.src({ src: url, type: "application/vnd.apple.mpegurl" });
    else this.#media.src = url;
  }
}

/** media: the element that plays; player: Video.js around it, or null. */
export function keepLinksFresh(media, player) {
  if (media.dataset.linksUrl) new Links(media, player).watch();
}
