/*
 * Wistia's player: an element of its own, <wistia-player>, with properties and events like those of media elements.
 *
 *   data-id   the video; data-base   origin of the player's script
 */
import { loadScript } from "../load_script.js";
import { HostedPlayer } from "./hosted.js";

export default class WistiaPlayer extends HostedPlayer {
  #player;

  async mount(frame, second) {
    const { base, id } = this.dataset;
    const player = document.createElement("wistia-player");
    player.setAttribute("media-id", id);
    this.#player = player;
    const ready = new Promise((resolve) => player.addEventListener("api-ready", resolve, { once: true }));
    this.#listen();
    await loadScript(`${base}/player.js`);
    frame.replaceChildren(player);
    await ready;
    this.#ask();
    if (second) player.currentTime = second;
    player.play();
  }

  startPlaying() {
    this.#player.play();
  }

  stopPlaying() {
    this.#player.pause();
  }

  seekTo(second) {
    this.#player.currentTime = second;
  }

  setRate(rate) {
    this.#player.playbackRate = rate;
  }

  setMuted(muted) {
    this.#player.muted = muted;
  }

  #listen() {
    const on = (name, action) =>
      this.#player.addEventListener(name, () => {
        this.#ask();
        action?.();
      });
    on("loaded-media-data");
    on("time-update");
    on("play", () => this.began());
    on("pause", () => this.stopped());
    on("ended", () => this.finished());
  }

  #ask() {
    this.knows(this.#player.duration);
    this.plays(this.#player.playbackRate);
    this.told(this.#player.currentTime);
  }
}
