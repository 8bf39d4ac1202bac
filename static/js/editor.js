/*
 * The page on which a transcript is corrected beside the player: [data-editor] with data-url (of the API), data-media,
 * data-language and the sentences it says (data-…-words). Only what changed is sent.
 */
import { Draft } from "./editor_draft.js";
import { Finder } from "./editor_find.js";
import { Lines } from "./editor_lines.js";
import { Rows } from "./editor_rows.js";
import { Server } from "./editor_server.js";
import { pagePlayer } from "./page_player.js";

const STEP = 3; // seconds back or on
const SHORTEST = 0.05; // seconds

function filled(sentence, facts) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => facts[name]);
}

class Editor {
  #base = null;
  #draft;
  #finder;
  #isSaving = false;
  #root;
  #server;
  #typedIn = null; // line
  #unplaced = []; // texts of a draft that found no place
  lines = new Lines();
  rows;

  constructor(root) {
    this.#root = root;
    this.#server = new Server(root.dataset.url);
    this.#draft = new Draft(root.dataset.media);
    this.rows = new Rows(root);
    this.#finder = new Finder(root, this, (name, facts) => this.#sentence(name, facts));
    this.#listen();
  }

  async start() {
    try {
      this.#take(await this.#server.read());
      this.#restore();
    } catch (error) {
      console.warn(error);
      this.#say("unreadable");
    }
  }

  redraw() {
    this.#typedIn = null;
    this.rows.show(this.lines.all);
    this.rows.refreshTools();
    this.#finder.showSpeakers(this.lines.speakers);
    this.#part("none").hidden = this.lines.all.length > 0;
    this.#changed();
    this.#follow();
  }

  #take(transcript) {
    this.#base = transcript?.id ?? null;
    this.lines = new Lines(transcript?.cues);
    this.redraw();
  }

  #restore() {
    const draft = this.#draft.read();
    if (!draft) return;
    this.#showUnplaced([...(draft.unplaced ?? []), ...this.lines.take(draft)]);
    this.redraw();
    if (this.lines.changes) this.#say("restored", { time: new Date(draft.at).toLocaleString() });
  }

  /** They stay until the person puts them away. */
  #showUnplaced(texts) {
    this.#unplaced = texts;
    this.#part("unplaced").hidden = !texts.length;
    const items = texts.map((text) => Object.assign(document.createElement("li"), { textContent: text }));
    this.#part("unplaced").querySelector("ul").replaceChildren(...items);
  }

  #listen() {
    this.rows.addEventListener("change", ({ detail }) => this.#change(detail));
    this.rows.addEventListener("time", ({ detail }) => this.#time(detail));
    this.rows.addEventListener("do", ({ detail }) => this.#do(detail.verb, detail.line));
    this.#part("save").addEventListener("click", () => this.#save());
    this.#part("undo").addEventListener("click", () => this.#undo());
    this.#part("add").addEventListener("click", () => this.#add());
    this.#part("discard").addEventListener("click", () => this.#discard());
    this.#part("put-away").addEventListener("click", () => this.#putAway());
    this.#root.addEventListener("keydown", (event) => this.#pressed(event));
    addEventListener("beforeunload", (event) => {
      if (this.lines.changes) event.preventDefault();
    });
    for (const name of ["timeupdate", "seeked"]) pagePlayer?.addEventListener(name, () => this.#follow());
  }

  #change({ line, changes }) {
    if (this.#typedIn !== line) this.lines.remember(); // all that is typed into one line is one step back
    this.#typedIn = line;
    this.lines.change(line, changes);
    this.#changed();
  }

  #time({ line, name, second, field }) {
    const times = { start: line.start, end: line.end, [name]: second };
    if (!(times.start >= 0 && times.end - times.start >= SHORTEST)) {
      this.rows.refuse(field, this.#sentence("time"));
      return;
    }
    this.lines.remember();
    this.lines.change(line, { [name]: second });
    this.redraw();
  }

  #do(verb, line) {
    if (!line) return;
    const now = Math.round((pagePlayer?.currentTime ?? 0) * 1000) / 1000;
    const verbs = {
      begin: () => line.end - now >= SHORTEST && this.#moved(line, { start: now }),
      end: () => now - line.start >= SHORTEST && this.#moved(line, { end: now }),
      split: () => this.#split(line),
      join: () => this.#join(line),
      remove: () => this.#remove(line),
      carry: () => this.lines.carry(line) && this.redraw(),
    };
    verbs[verb]();
  }

  #moved(line, changes) {
    this.lines.remember();
    this.lines.change(line, changes);
    this.redraw();
    this.rows.focus(line);
  }

  #split(line) {
    const second = this.lines.split(line, this.rows.cursor || Math.floor(line.text.length / 2));
    if (!second) return;
    this.redraw();
    this.rows.focus(second, { at: 0 });
  }

  #join(line) {
    const at = line.text.length + 1;
    if (!this.lines.join(line)) return;
    this.redraw();
    this.rows.focus(line, { at });
  }

  #remove(line) {
    const index = this.lines.all.indexOf(line);
    this.lines.remove(line);
    this.redraw();
    this.rows.focus(this.lines.all[Math.min(index, this.lines.all.length - 1)]);
  }

  #add() {
    const line = this.lines.add(pagePlayer?.currentTime ?? this.lines.all.at(-1)?.end ?? 0);
    this.redraw();
    this.rows.focus(line);
  }

  #undo() {
    this.lines.undo();
    this.redraw();
  }

  async #discard() {
    this.#draft.forget();
    this.#showUnplaced([]);
    this.lines = new Lines();
    await this.start();
  }

  #putAway() {
    this.#showUnplaced([]);
    this.#draft.write(this.#unsaved);
  }

  async #save() {
    if (this.#isSaving) return;
    if (!this.lines.changes) return this.#say("same");
    this.#isSaving = true;
    this.#say("saving");
    try {
      const sent = this.lines.sent();
      this.#saved(await this.#send(), sent);
    } catch (error) {
      this.#refused(error);
    }
    this.#isSaving = false;
  }

  #send() {
    const corrections = this.lines.corrections();
    if (this.#base === null) return this.#server.begin(corrections.added, this.#root.dataset.language);
    return this.#server.correct(this.#base, corrections);
  }

  /** Writing goes on meanwhile: what was not `sent` yet stays. */
  #saved({ id, cues }, sent) {
    this.#base = id;
    this.lines.accept(cues, sent);
    this.#draft.write(this.#unsaved);
    this.redraw();
    if (!this.lines.changes) this.#say("saved");
  }

  /** What is refused says where. */
  #refused(error) {
    console.warn(error);
    if (error.code === "changed_meanwhile") return this.#say("conflict");
    const [field] = Object.keys(error.fields ?? {});
    const [list, number] = (field ?? "").split(".");
    const told = { changed: (line) => line.position === Number(number) };
    const line = told[list] ? this.lines.all.find(told[list]) : null;
    if (line) this.rows.focus(line);
    this.#part("state").textContent = [this.#sentence("failed"), ...Object.values(error.fields ?? {}).flat()].join(" ");
  }

  #changed() {
    const count = this.lines.changes;
    this.#part("undo").disabled = !this.lines.canUndo;
    this.#part("discard").hidden = !count;
    if (count) this.#say(count === 1 ? "unsavedOne" : "unsaved", { count });
    else this.#part("state").textContent = "";
    this.#draft.keep(() => this.#unsaved);
  }

  /** What this browser keeps; null for nothing. */
  get #unsaved() {
    return this.lines.changes || this.#unplaced.length ? { ...this.lines.draft(), unplaced: this.#unplaced } : null;
  }

  #follow() {
    if (!pagePlayer) return;
    const line = this.lines.all[this.lines.indexAt(pagePlayer.currentTime)];
    this.rows.mark(line, { follow: this.#root.querySelector("[data-follow]").checked });
  }

  #pressed(event) {
    const action = this.#actionOf(event);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  }

  #actionOf({ key, ctrlKey, metaKey, altKey, shiftKey }) {
    const line = this.rows.isWriting ? this.rows.active : null;
    if (key === "Escape" && line) return () => (pagePlayer?.paused ? pagePlayer.play()?.catch(() => {}) : pagePlayer?.pause());
    if (altKey && line) return { ArrowUp: () => this.#beside(line, -1), ArrowDown: () => this.#beside(line, 1) }[key];
    if (!(ctrlKey || metaKey)) return null;
    if (key === "s") return () => this.#save();
    if (key === "," || key === ".") return () => this.#jump(key === "," ? -STEP : STEP);
    if (key === "Enter" && shiftKey) return () => this.#add();
    if (!line) return null;
    const verb = { Enter: "split", j: "join", Backspace: shiftKey ? "remove" : "" }[key];
    return verb ? () => this.#do(verb, line) : null;
  }

  #beside(line, steps) {
    this.rows.focus(this.lines.all[this.lines.all.indexOf(line) + steps]);
  }

  #jump(seconds) {
    if (pagePlayer) pagePlayer.currentTime = Math.max(0, pagePlayer.currentTime + seconds);
  }

  #say(name, facts = {}) {
    this.#part("state").textContent = this.#sentence(name, facts);
  }

  #sentence(name, facts = {}) {
    return filled(this.#root.dataset[`${name}Words`], facts);
  }

  #part(name) {
    return this.#root.querySelector(`[data-${name}]`);
  }
}

const root = document.querySelector("[data-editor]");
if (root) {
  document.querySelector("[data-editor-needs]").hidden = true;
  root.hidden = false;
  new Editor(root).start();
}
