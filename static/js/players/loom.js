/*
 * Loom's player tells nothing and takes no orders: it is a frame that starts at a second. To jump is to load it again.
 * So it never says that it plays, and no second counts as watched; the visit does.
 *
 *   data-id   the video; data-base   origin of the player
 */
import { HostedPlayer, addressed, embed } from "./hosted.js";

const PLAIN = { hide_owner: "true", hide_share: "true", hide_title: "true", hideEmbedTopBar: "true" };

export default class LoomPlayer extends HostedPlayer {
  #frame;
  isBlind = true;

  async mount(frame, second) {
    this.#frame = frame;
    this.#load(second);
    this.began();
    this.stopped(); // as far as anybody can tell
  }

  startPlaying() {}

  stopPlaying() {}

  seekTo(second) {
    this.#load(second);
  }

  #load(second) {
    const { base, id } = this.dataset;
    const address = addressed(`${base}/embed/${id}`, { ...PLAIN, t: String(Math.floor(second)), autoplay: "1" });
    embed(this.#frame, address, this.title);
  }
}
