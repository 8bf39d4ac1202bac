/*
 * The transcript: <ol data-transcript data-src="….json"> inside a box that scrolls, filled with cues
 * {"language", "cues": [{"start", "end", "text", "speaker"}]} (seconds), following the player.
 *
 * Each cue and its time button carry data-seek, which player.js understands. Around the list, all optional:
 *   [data-transcript-error]   hidden; shown when nothing came
 *   the box that finds words in it: transcript_find.js
 */
import { pagePlayer } from "./page_player.js";
import { clockTime } from "./time.js";
import { findIn } from "./transcript_find.js";

const HANDS_OFF = 5_000; // milliseconds after the person scrolled in which the list stays where it is
const PERSON_SCROLLS = ["wheel", "touchmove", "pointerdown", "keydown"];

/** Index of the last cue that began at or before this second, -1 before the first. Cues are sorted. */
export function cueIndexAt(cues, second) {
  let low = 0;
  let high = cues.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cues[middle].start <= second) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function element(name, className, text) {
  const created = document.createElement(name);
  created.className = className;
  created.textContent = text ?? "";
  return created;
}

function cueRow(cue, previous) {
  const row = element("li", "cue");
  row.dataset.seek = cue.start;
  const time = element("button", "cue__time", clockTime(cue.start));
  time.type = "button";
  const words = element("span", "cue__words");
  if (cue.speaker && cue.speaker !== previous?.speaker) words.append(element("span", "cue__speaker", cue.speaker));
  words.append(element("span", "cue__text", cue.text));
  row.append(time, words);
  return row;
}

/** The text with every occurrence of the words in <mark>; null when there is none. */
function marked(text, words) {
  const fragment = document.createDocumentFragment();
  const haystack = text.toLowerCase();
  let from = 0;
  for (let at = haystack.indexOf(words); at >= 0; at = haystack.indexOf(words, from)) {
    fragment.append(text.slice(from, at), element("mark", "", text.slice(at, at + words.length)));
    from = at + words.length;
  }
  if (from === 0) return null;
  fragment.append(text.slice(from));
  return fragment;
}

class Transcript {
  #cues;
  #rows;
  #box;
  #current = -1;
  #touched = -Infinity;

  constructor(list, cues) {
    this.#cues = cues;
    this.#rows = cues.map((cue, index) => cueRow(cue, cues[index - 1]));
    this.#box = list.closest("[data-transcript-box]") ?? list;
    list.replaceChildren(...this.#rows);
    for (const name of PERSON_SCROLLS) {
      this.#box.addEventListener(name, () => (this.#touched = performance.now()), { passive: true });
    }
  }

  follow(media) {
    const update = () => this.#show(cueIndexAt(this.#cues, media.currentTime));
    media.addEventListener("timeupdate", update);
    media.addEventListener("seeked", () => {
      this.#touched = -Infinity; // who jumps wants to see where
      update();
      this.#scrollToCurrent();
    });
    update();
  }

  #show(index) {
    if (index === this.#current) return;
    this.#setCurrent(this.#current, false);
    this.#current = index;
    this.#setCurrent(index, true);
    this.#scrollToCurrent();
  }

  #setCurrent(index, on) {
    const row = this.#rows[index];
    if (!row) return;
    row.classList.toggle("is-current", on);
    if (on) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }

  #scrollToCurrent() {
    const row = this.#rows[this.#current];
    if (!row || row.hidden || performance.now() - this.#touched < HANDS_OFF) return;
    const top = row.offsetTop - this.#box.clientHeight / 3;
    const near = Math.abs(top - this.#box.scrollTop) < this.#box.clientHeight;
    this.#box.scrollTo({ top, behavior: near ? "smooth" : "instant" });
  }

  /** Shows the cues that hold these words; all of them for no words. Answers their rows. */
  filter(words) {
    const needle = words.trim().toLowerCase();
    this.#rows.forEach((row, index) => {
      const { text } = this.#cues[index];
      const fragment = needle ? marked(text, needle) : null;
      row.hidden = Boolean(needle) && !fragment;
      if (fragment || row.querySelector("mark")) row.querySelector(".cue__text").replaceChildren(fragment ?? text);
    });
    if (!needle) this.#scrollToCurrent();
    return this.#rows.filter((row) => !row.hidden);
  }
}

async function loadCues(url) {
  const response = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!response.ok) throw new Error(`The transcript's address answered ${response.status}.`);
  const { cues, language } = await response.json();
  return { language, cues: cues.sort((left, right) => left.start - right.start) };
}

/** Fills the list; it follows what plays: null for the words of something else. */
export async function showTranscript(list, media = pagePlayer) {
  const root = list.closest("[data-transcript-root]") ?? document;
  try {
    const { cues, language } = await loadCues(list.dataset.src);
    if (language) list.lang = language;
    const transcript = new Transcript(list, cues);
    findIn(root, transcript);
    if (media) transcript.follow(media);
  } catch (error) {
    console.warn(error);
    const notice = root.querySelector("[data-transcript-error]");
    if (notice) notice.hidden = false;
  }
}

for (const list of document.querySelectorAll("[data-transcript]")) showTranscript(list);
