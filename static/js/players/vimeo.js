/*
 * Vimeo's player: its events tell about four times a second which second plays.
 *
 *   data-id   the video; data-hash   of an unlisted one; data-dnt   "1": not to track; data-base   origin of the player
 */
import { loadScript } from "../load_script.js";
import { HostedPlayer, addressed, embed } from "./hosted.js";

const CODES = { PasswordError: "password", PrivacyError: "private", NotFoundError: "missing" };

export default class VimeoPlayer extends HostedPlayer {
  #player;

  async mount(frame, second) {
    const { base, dnt, hash, id } = this.dataset;
    if (!window.Vimeo?.Player) await loadScript(`${base}/api/player.js`);
    const address = addressed(`${base}/video/${id}`, { h: hash, dnt, autoplay: "1" });
    this.#player = new window.Vimeo.Player(embed(frame, second ? `${address}#t=${second}s` : address, this.title));
    this.#listen();
    try {
      await this.#player.ready();
      this.knows(await this.#player.getDuration());
      await this.#player.play();
    } catch (error) {
      this.#refused(error);
    }
  }

  startPlaying() {
    this.#try("play");
  }

  stopPlaying() {
    this.#try("pause");
  }

  seekTo(second) {
    this.#try("setCurrentTime", second);
  }

  setRate(rate) {
    this.#try("setPlaybackRate", rate);
  }

  setMuted(muted) {
    this.#try("setMuted", muted);
  }

  #listen() {
    const on = (name, action) => this.#player.on(name, action);
    const learn = ({ duration, seconds }) => {
      this.knows(duration);
      this.told(seconds);
    };
    on("playing", (event) => {
      learn(event);
      this.began();
    });
    on("timeupdate", learn);
    on("seeking", ({ seconds }) => this.seeking || this.jumps(seconds));
    on("seeked", ({ seconds }) => this.arrived(seconds));
    on("pause", (event) => {
      learn(event);
      this.stopped();
    });
    on("ended", (event) => {
      learn(event);
      this.finished();
    });
    on("playbackratechange", ({ playbackRate }) => this.plays(playbackRate));
    on("error", (error) => this.#refused(error));
  }

  #try(method, ...values) {
    this.#player[method](...values).catch((error) => this.#refused(error));
  }

  /** A browser that does not start by itself, a rate that a plan does not offer: the player itself goes on. */
  #refused({ name }) {
    if (name in CODES) this.failed(CODES[name]);
    else console.warn("The player refused:", name);
  }
}
