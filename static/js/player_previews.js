/*
 * Small pictures over the progress bar: of the second under the pointer, under the finger, or at the focused playhead.
 *
 * data-previews-url names a WebVTT file whose cues are "sheet.jpg#xywh=160,90,160,90": part of a sheet, in pixels.
 * It is read when somebody first points at the bar.
 */
import { clockTime } from "./time.js";

const CUE = /(?:(\d+):)?(\d+):([\d.]+) --> (?:(\d+):)?(\d+):([\d.]+).*\n(.+)#xywh=(\d+),(\d+),(\d+),(\d+)/g;

function seconds(hours, minutes, rest) {
  return Number(hours ?? 0) * 3600 + Number(minutes) * 60 + Number(rest);
}

/** [{end, url, x, y, width, height}] in order of time; sheets are named relative to the file. */
export function parsePreviews(text, address) {
  return Array.from(text.replaceAll("\r", "").matchAll(CUE), (found) => {
    const [x, y, width, height] = found.slice(8).map(Number);
    return { end: seconds(...found.slice(4, 7)), url: new URL(found[7], address).href, x, y, width, height };
  });
}

async function fetchPreviews(url) {
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return parsePreviews(await response.text(), response.url);
}

class Previews {
  #bar;
  #box;
  #isDragged = false;
  #player;
  #time;
  #tiles = null; // promise of the list
  #url;

  constructor(url, player) {
    this.#url = url;
    this.#player = player;
    this.#bar = player.controlBar.progressControl.seekBar.el();
    this.#box = document.createElement("div");
    this.#box.className = "player__preview";
    this.#box.ariaHidden = "true"; // the slider itself tells its second
    this.#box.hidden = true;
    this.#time = document.createElement("span");
    this.#time.className = "player__preview-time";
    this.#box.append(this.#time);
    player.controlBar.progressControl.el().append(this.#box);
  }

  watch() {
    const whole = this.#player.controlBar.progressControl.el();
    const point = (event) => this.#show(this.#secondAt(event.clientX));
    const follow = () => this.#isFocused && this.#show(this.#player.currentTime());
    whole.addEventListener("pointermove", point);
    whole.addEventListener("pointerleave", () => this.#isDragged || this.#hide());
    whole.addEventListener("pointerdown", (event) => {
      this.#isDragged = true; // from now on also away from the bar
      point(event);
    });
    document.addEventListener("pointermove", (event) => this.#isDragged && point(event));
    for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, () => this.#letGo());
    this.#bar.addEventListener("focus", follow);
    this.#bar.addEventListener("blur", () => this.#hide());
    this.#player.on(["seeking", "timeupdate"], follow);
  }

  #letGo() {
    this.#isDragged = false;
    if (!this.#bar.matches(":hover")) this.#hide();
  }

  useAddress(url) {
    this.#url = url;
    this.#tiles = null;
  }

  get #isFocused() {
    return this.#bar.matches(":focus-visible") && !this.#bar.matches(":hover");
  }

  #secondAt(x) {
    const { left, width } = this.#bar.getBoundingClientRect();
    return Math.min(Math.max((x - left) / width, 0), 1) * this.#player.duration();
  }

  async #show(second) {
    if (!Number.isFinite(second)) return;
    this.#box.dataset.second = second; // what is wanted now, by the time the list is there
    this.#tiles ??= fetchPreviews(this.#url).catch((error) => {
      console.warn("No previews:", error);
      return [];
    });
    const tiles = await this.#tiles;
    if (tiles.length && this.#box.dataset.second === String(second)) this.#draw(tiles, second);
  }

  #draw(tiles, second) {
    const tile = tiles.find(({ end }) => second < end) ?? tiles.at(-1);
    const { style } = this.#box;
    style.width = `${tile.width}px`;
    style.height = `${tile.height}px`;
    style.backgroundImage = `url("${tile.url}")`;
    style.backgroundPosition = `-${tile.x}px -${tile.y}px`;
    this.#time.textContent = clockTime(second);
    this.#box.hidden = false;
    style.left = `${this.#leftOf(second)}px`;
  }

  /** Over its second, but never over the edge. */
  #leftOf(second) {
    const width = this.#box.offsetWidth;
    const outer = this.#box.offsetParent.getBoundingClientRect();
    const bar = this.#bar.getBoundingClientRect();
    const middle = bar.left - outer.left + (second / this.#player.duration()) * bar.width;
    return Math.min(Math.max(middle - width / 2, 0), outer.width - width);
  }

  #hide() {
    delete this.#box.dataset.second;
    this.#box.hidden = true;
  }
}

/** media: the element with data-previews-url; player: Video.js around it. */
export function showPreviews(media, player) {
  if (!media.dataset.previewsUrl) return;
  const previews = new Previews(media.dataset.previewsUrl, player);
  media.addEventListener("lectern:links", (event) => previews.useAddress(event.detail.previews_url));
  previews.watch();
  player.addClass("has-previews");
}
