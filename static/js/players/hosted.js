/*
 * What players of hosts have in common. Each looks like an HTMLMediaElement to the rest of the page: the properties and
 * events that player.js, player_keys.js, watch.js and transcript.js use, in seconds.
 *
 * Nothing of a host is loaded before the person presses play, also of a playlist, follows a link to a second, or asks
 * for one. Until then there is our own picture and a button; a second that is set meanwhile is where it will start.
 *
 * A host's file extends HostedPlayer by:
 *   async mount(frame, second)    put its player into the frame, playing from that second; kept when it can be steered
 *   startPlaying(), stopPlaying(), seekTo(second)     and if it can: setRate(rate), setMuted(muted)
 * and tells what happens by knows(), told(), began(), stopped(), finished(), jumps(), arrived(), plays() and failed().
 *
 * On the element: data-start; inside it [data-hosted-play], [data-hosted-error], and <template data-hosted-words> with a
 * [data-code] for each word that failed() takes.
 */

const NEAR = 2; // seconds; a player that says so has arrived
const PATIENCE = 1_500; // milliseconds until a jump counts as done, whatever the player says
const LONGEST_LOADING = 20_000; // milliseconds

/** The iframe of a host's player: it gets our origin as referrer, without which hosts refuse to play. */
export function embed(frame, url, title) {
  const iframe = document.createElement("iframe");
  Object.assign(iframe, {
    title,
    src: url,
    allow: "autoplay; encrypted-media; fullscreen; picture-in-picture",
    allowFullscreen: true,
    referrerPolicy: "strict-origin-when-cross-origin",
  });
  frame.replaceChildren(iframe);
  return iframe;
}

/** An address with these query values; those that are empty are left out. */
export function addressed(url, values) {
  const address = new URL(url);
  for (const [name, value] of Object.entries(values)) if (value) address.searchParams.set(name, value);
  return address.href;
}

function inTime(promise) {
  const late = new Promise((_, reject) => setTimeout(reject, LONGEST_LOADING, new Error("It did not answer in time")));
  return Promise.race([promise, late]);
}

export class HostedPlayer extends EventTarget {
  #duration = NaN;
  #element;
  #ended = false;
  #isOpen = false;
  #muted = false;
  #opening = null; // promise of the mounted player
  #paused = true;
  #rate = 1;
  #target = null; // second that it jumps to
  #time;

  constructor(element) {
    super();
    this.#element = element;
    this.#time = Number(element.dataset.start) || 0;
    const button = element.querySelector("[data-hosted-play]");
    button.hidden = false;
    button.addEventListener("click", () => {
      this.play();
      element.focus({ preventScroll: true });
    });
  }

  /* What the page asks and sets. */

  readyState = HTMLMediaElement.HAVE_METADATA; // a second may be set at any time
  textTracks = [];

  get frame() {
    return this.#element;
  }

  get dataset() {
    return this.#element.dataset;
  }

  get title() {
    return this.#element.getAttribute("aria-label");
  }

  get duration() {
    return this.#duration;
  }

  get ended() {
    return this.#ended;
  }

  get paused() {
    return this.#paused;
  }

  get seeking() {
    return this.#target !== null;
  }

  get currentTime() {
    return this.#time;
  }

  set currentTime(second) {
    if (!Number.isFinite(second)) return;
    const end = Number.isFinite(this.#duration) ? this.#duration : Infinity;
    const target = Math.min(Math.max(0, second), end);
    if (!this.#isOpen) {
      this.arrived(target);
      return;
    }
    this.jumps(target);
    this.seekTo(target);
  }

  get playbackRate() {
    return this.#rate;
  }

  set playbackRate(rate) {
    if (this.#isOpen) this.setRate?.(rate);
  }

  get muted() {
    return this.#muted;
  }

  set muted(muted) {
    this.#muted = muted;
    if (this.#isOpen) this.setMuted?.(muted);
  }

  async play() {
    if (this.#isOpen) await this.startPlaying();
    else await (this.#opening ??= this.#open());
  }

  pause() {
    if (this.#isOpen) this.stopPlaying();
  }

  /* What the host's player tells. */

  /** How long it is. */
  knows(duration) {
    if (!(duration > 0) || duration === this.#duration || !Number.isFinite(duration)) return;
    this.#duration = duration;
    this.#tell("durationchange");
  }

  /** Where it is. */
  told(second) {
    if (!Number.isFinite(second)) return;
    if (this.#target !== null && Math.abs(second - this.#target) > NEAR) return; // of before the jump
    this.arrived(second);
  }

  /** Where it is after a jump, for players that say when that is done. */
  arrived(second) {
    const jumped = this.#target !== null;
    this.#target = null;
    this.#time = second;
    if (jumped) this.#tell("seeked");
    this.#tell("timeupdate");
  }

  began() {
    this.#paused = this.#ended = false;
    this.#tell("play");
    this.#tell("playing");
  }

  stopped() {
    if (this.#paused) return;
    this.#paused = true;
    this.#tell("pause");
  }

  finished() {
    this.stopped();
    this.#ended = true;
    this.#tell("ended");
  }

  /** It is about to be somewhere else. */
  jumps(second) {
    this.#ended = false;
    this.#target = second;
    this.#tell("seeking");
    this.#time = second;
    setTimeout(() => this.#target === second && this.arrived(second), PATIENCE);
  }

  plays(rate) {
    if (!(rate > 0) || rate === this.#rate) return;
    this.#rate = rate;
    this.#tell("ratechange");
  }

  /** It cannot play: `code` is one of the words on the page. */
  failed(code) {
    this.stopped();
    const words = this.#element.querySelector("[data-hosted-words]").content;
    const found = words.querySelector(`[data-code="${code}"]`) ?? words.querySelector("[data-code=failed]");
    this.#notice.textContent = found.textContent;
    this.#notice.hidden = false;
    this.#tell("error");
  }

  get #notice() {
    return this.#element.querySelector("[data-hosted-error]");
  }

  async #open() {
    const frame = document.createElement("div");
    frame.className = "hosted__frame";
    this.#element.append(frame);
    this.#element.classList.add("is-open");
    this.#notice.hidden = true;
    const start = this.#time;
    try {
      await inTime(this.mount(frame, start));
      this.#isOpen = true;
      if (Math.abs(this.#time - start) > NEAR) this.currentTime = this.#time; // asked for meanwhile
    } catch (error) {
      console.warn(error);
      frame.remove();
      this.#element.classList.remove("is-open");
      this.#opening = null; // pressed once more, it is tried once more
      this.failed("unreachable");
    }
  }

  #tell(name) {
    this.dispatchEvent(new Event(name));
  }
}
