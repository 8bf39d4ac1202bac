/*
 * YouTube's IFrame Player API. It tells when playing begins and ends, but not which second plays: it is asked, about once
 * a second while it plays.
 *
 *   data-video   the video; data-host   origin of the player; data-script   the API
 */
import { loadScript } from "../load_script.js";
import { HostedPlayer, addressed, embed } from "./hosted.js";

const ENDED = 0;
const PLAYING = 1;
const PAUSED = 2;
const BUFFERING = 3;
const EVERY = 1_000; // milliseconds
const CODES = { 2: "wrong", 5: "failed", 100: "missing", 101: "forbidden", 150: "forbidden", 153: "referrer" };

function loadApi(url) {
  if (window.YT?.Player) return Promise.resolve();
  return new Promise((resolve, reject) => {
    window.onYouTubeIframeAPIReady = resolve;
    loadScript(url).catch(reject);
  });
}

export default class YouTubePlayer extends HostedPlayer {
  #isWaiting = false; // for more of the video
  #player;
  #timer;

  async mount(frame, second) {
    const { host, script, video } = this.dataset;
    await loadApi(script);
    const address = addressed(`${host}/embed/${video}`, {
      enablejsapi: "1",
      origin: location.origin,
      start: String(Math.floor(second)),
      autoplay: "1",
      playsinline: "1",
      rel: "0",
    });
    const iframe = embed(frame, address, this.title);
    await new Promise((resolve) => {
      this.#player = new window.YT.Player(iframe, {
        host,
        events: {
          onReady: resolve,
          onStateChange: ({ data }) => this.#changed(data),
          onPlaybackRateChange: ({ data }) => this.plays(data),
          onError: ({ data }) => {
            this.failed(CODES[data] ?? "failed");
            resolve();
          },
        },
      });
    });
    this.#ask();
    this.startPlaying();
  }

  startPlaying() {
    this.#player.playVideo?.();
  }

  stopPlaying() {
    this.#player.pauseVideo?.();
  }

  seekTo(second) {
    this.#player.seekTo?.(second, true);
  }

  setRate(rate) {
    this.#player.setPlaybackRate?.(rate);
  }

  setMuted(muted) {
    if (muted) this.#player.mute?.();
    else this.#player.unMute?.();
  }

  #ask() {
    this.knows(this.#player.getDuration?.());
    this.told(this.#player.getCurrentTime?.());
  }

  /** Nothing was played while it waited: wherever it is now, that is measured anew. */
  #goesOn() {
    const second = this.#player.getCurrentTime();
    this.jumps(second);
    this.arrived(second);
  }

  #changed(state) {
    clearInterval(this.#timer);
    if (this.#isWaiting && !this.seeking) this.#goesOn();
    this.#isWaiting = state === BUFFERING;
    this.#ask();
    if (state === PLAYING) {
      this.began();
      this.#timer = setInterval(() => this.#ask(), EVERY);
    } else if (state === PAUSED) this.stopped();
    else if (state === ENDED) this.finished();
  }
}
