/*
 * Fresh addresses: those of a page open for some hours. When they have run out, as after a long pause, or were refused,
 * as after logging in again in another tab, the player asks for new ones and goes on at the same second.
 *
 *   data-links-url      answers {hls_url, previews_url, seconds}
 *   data-links-seconds  how long the page's own addresses open
 *   data-playback-url   instead: the stream's address has to be asked of its host, the first one too. To be posted to, then
 *                       read until it answers {hls_url, seconds}; nothing is asked before somebody wants to play
 * Others hear of fresh ones by the event "lectern:links" on the element, with that answer as its detail.
 * Whoever may not watch any more, or is not logged in any more, gets the page again, which says so.
 */
import { getJson, postJson } from "./requests.js";

const MARGIN = 5; // seconds before the end at which links count as run out
const PATIENCE = 10_000; // milliseconds between two tries
const ASK_AGAIN = 700; // milliseconds
const MOST_QUESTIONS = 60;
const REFUSED = [401, 403, 404];

/** An address from the host: the question is put by our server, which meanwhile answers that it waits. */
async function askHost(url) {
  let answer = await postJson(url, {});
  for (let asked = 0; !answer.hls_url && asked < MOST_QUESTIONS; asked += 1) {
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN));
    answer = await getJson(url);
  }
  if (!answer.hls_url) throw new Error("The host did not answer in time.");
  return answer;
}

class Links {
  #media;
  #player;
  #end;
  #lastTry = -Infinity;

  constructor(media, player) {
    this.#media = media;
    this.#player = player;
    this.#openFor(media.dataset.playbackUrl ? 0 : Number(media.dataset.linksSeconds));
  }

  watch() {
    for (const name of ["play", "seeking", "timeupdate", "waiting", "stalled"]) {
      this.#media.addEventListener(name, () => this.#ranOut && this.renew());
    }
    this.#media.addEventListener("error", () => this.renew(), { capture: true });
    if (this.#player && this.#media.dataset.playbackUrl) this.#askWhenPressed();
    window.videojs?.Vhs?.xhr.onResponse?.((request, error, response) => {
      if (response?.statusCode === 404) this.renew();
    });
  }

  /** Video.js plays nothing without an address, so that its buttons alone would not be heard. */
  #askWhenPressed() {
    const play = this.#player.play.bind(this.#player);
    this.#player.play = () => {
      if (this.#ranOut) this.renew();
      return play();
    };
  }

  async renew() {
    if (performance.now() - this.#lastTry < PATIENCE) return;
    this.#lastTry = performance.now();
    try {
      const { linksUrl, playbackUrl } = this.#media.dataset;
      const links = await (playbackUrl ? askHost(playbackUrl) : getJson(linksUrl));
      this.#openFor(links.seconds);
      this.#goOn(links.hls_url);
      this.#media.dispatchEvent(new CustomEvent("lectern:links", { detail: links }));
    } catch (error) {
      if (REFUSED.includes(error.status)) location.reload();
      else this.#tell(error);
    }
  }

  /** Why its host gives no address is told; whatever else is wrong is tried again. */
  #tell(error) {
    console.warn("No fresh addresses yet:", error);
    if (this.#media.dataset.playbackUrl && error.words) this.#player?.error({ code: 4, message: error.words });
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
  if (media.dataset.linksUrl || media.dataset.playbackUrl) new Links(media, player).watch();
}
