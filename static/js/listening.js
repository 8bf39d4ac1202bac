/*
 * Listening goes on while one looks around: once something was played, links to other pages of the podcasts bring
 * their <main> into this page, and the player at its foot stays. Whatever is unusual (another area, a moment to play at,
 * an answer that is no page) is an ordinary link; without this script all are.
 *
 *   <aside data-listening data-area="/…/podcasts/" data-title data-show data-artwork data-next data-previous> holds the
 *                                         player; the addresses before and after it are for the lock screen
 *   <main data-heard="<media id>">        whose page it is; a moment [data-seek] of another one than plays opens there
 *   [data-listen]                         plays, on the page of what the player holds
 *   [data-skip="15"]                      jumps by so many seconds
 *   [data-mark-now]                       is told the chapter that plays; see [data-marks] in player_chapters.js
 *   [data-page-told]                      aria-live: says which page came
 */
import { offerCopying } from "./copy.js";
import { pagePlayer } from "./page_player.js";
import { play } from "./player.js";
import { showTranscript } from "./transcript.js";

const bar = document.querySelector("[data-listening]");

/** What the lock screen and the keys of a headset show and do. */
function tellSystem(media) {
  const session = navigator.mediaSession;
  if (!session || !window.MediaMetadata) return;
  const { artwork, show, title } = bar.dataset;
  session.metadata = new MediaMetadata({ title, artist: show, album: show, artwork: artwork ? [{ src: artwork }] : [] });
  const actions = {
    play: () => play(media),
    pause: () => media.pause(),
    seekbackward: ({ seekOffset }) => skip(media, -(seekOffset ?? 15)),
    seekforward: ({ seekOffset }) => skip(media, seekOffset ?? 15),
    seekto: ({ seekTime }) => (media.currentTime = seekTime),
    nexttrack: opens(bar.dataset.next),
    previoustrack: opens(bar.dataset.previous),
  };
  for (const [name, action] of Object.entries(actions)) session.setActionHandler(name, action);
  for (const name of ["durationchange", "ratechange", "seeked", "play", "pause"]) {
    media.addEventListener(name, () => tellPosition(session, media));
  }
}

/** null takes the key away where nothing is to be opened. */
function opens(url) {
  return url ? () => location.assign(url) : null;
}

function tellPosition(session, { currentTime, duration, paused, playbackRate }) {
  session.playbackState = paused ? "paused" : "playing";
  if (!(duration > 0) || !Number.isFinite(duration)) return;
  session.setPositionState?.({ duration, playbackRate, position: Math.min(currentTime, duration) });
}

function skip(media, seconds) {
  const end = Number.isFinite(media.duration) ? media.duration : Infinity;
  media.currentTime = Math.min(Math.max(0, media.currentTime + seconds), end);
}

function tellChapter(media) {
  const told = bar.querySelector("[data-mark-now]");
  if (!told) return;
  media.addEventListener("timeupdate", () => {
    const words = bar.querySelector("[data-marks] [aria-current] [data-mark-title]")?.textContent ?? "";
    if (told.textContent !== words) told.textContent = words;
  });
}

/** The page that is named by the address, whatever place on it. */
function here() {
  return location.pathname + location.search;
}

/** The way through the pages; the player is left alone. */
class Pages {
  #media;
  #asked = null; // what is on its way
  #started = false;
  #shown = here();

  constructor(media) {
    this.#media = media;
    media.addEventListener("playing", () => (this.#started = true), { once: true });
    history.scrollRestoration = "manual";
    document.addEventListener("click", (event) => this.#onMoment(event), { capture: true });
    document.addEventListener("click", (event) => this.#onClick(event));
    addEventListener("popstate", ({ state }) => this.#onReturn(state?.top ?? 0));
  }

  /** A place on the page that is shown, such as that of a skip link, is no other page. */
  #onReturn(top) {
    if (this.#shown !== here()) return this.#show(location.href, top);
    this.#asked?.abort();
  }

  /** A second of another episode than the one that plays: it is opened there. */
  #onMoment(event) {
    const moment = event.target.closest("main [data-seek]");
    if (!moment || this.#isHere || event.ctrlKey || event.metaKey || !getSelection().isCollapsed) return;
    event.preventDefault();
    event.stopPropagation();
    const asked = new URLSearchParams(location.search);
    asked.delete("play");
    asked.set("t", moment.dataset.seek);
    location.assign(`?${asked}`);
  }

  #onClick(event) {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a[href]");
    if (!link || link.target || link.hasAttribute("download")) return;
    if (link.matches("[data-listen]") && this.#isHere) this.#playHere(event);
    else if (this.#started && this.#isPage(new URL(link.href))) this.#follow(event, link.href);
  }

  #playHere(event) {
    event.preventDefault();
    play(this.#media);
  }

  /** A page of the podcasts that plays nothing at once, and is not this very one. */
  #isPage({ origin, pathname, search, hash }) {
    if (origin !== location.origin || !pathname.startsWith(bar.dataset.area) || !pathname.endsWith("/")) return false;
    const asked = new URLSearchParams(search);
    return !asked.has("t") && !asked.has("play") && !(hash && pathname === location.pathname);
  }

  async #follow(event, url) {
    event.preventDefault();
    const page = await this.#fetch(url);
    if (!page) return;
    history.replaceState({ top: scrollY }, "");
    history.pushState({}, "", url);
    this.#swap(page, 0);
  }

  async #show(url, top) {
    const page = await this.#fetch(url);
    if (page) this.#swap(page, top);
  }

  /** The page; null where it did not come, which is opened then like any other, or is not wanted any more. */
  async #fetch(url) {
    this.#asked?.abort();
    const asked = (this.#asked = new AbortController());
    try {
      const response = await fetch(url, { credentials: "same-origin", headers: { Accept: "text/html" }, signal: asked.signal });
      const isPage = response.ok && !response.redirected && (response.headers.get("Content-Type") ?? "").startsWith("text/html");
      const page = isPage ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
      if (!page?.querySelector("main")) throw new Error(response.status);
      return asked.signal.aborted ? null : page;
    } catch (error) {
      console.info("Opened like any other page:", error);
      if (!asked.signal.aborted) location.assign(url);
      return null;
    }
  }

  #swap(page, top) {
    const main = document.importNode(page.querySelector("main"), true);
    this.#shown = here();
    document.title = page.title;
    document.querySelector("main").replaceWith(main);
    offerCopying(main);
    for (const list of main.querySelectorAll("[data-transcript]")) showTranscript(list, this.#isHere ? this.#media : null);
    bar.querySelector("[data-page-told]").textContent = document.title;
    main.focus({ preventScroll: true });
    scrollTo(0, top);
  }

  /** Whether the page is that of what plays. */
  get #isHere() {
    return document.querySelector("main").dataset.heard === this.#media.dataset.media;
  }
}

if (bar && pagePlayer) {
  tellSystem(pagePlayer);
  tellChapter(pagePlayer);
  for (const button of bar.querySelectorAll("[data-skip]")) {
    button.addEventListener("click", () => skip(pagePlayer, Number(button.dataset.skip)));
  }
  new Pages(pagePlayer);
}
