/*
 * The upload page: [data-upload-needs], what is said where this script does not run, and
 * <div data-upload-page data-uploads-url data-media-url hidden> with, where one file takes the place of that of
 * media, data-replaces, and with
 *   [data-upload-drop] around input[data-upload-files]   where files are dropped or chosen
 *   select[data-upload-batch]  the batch that files chosen from now on come in with; where none is replaced
 *   [data-upload-sentences]   all words (upload_words.js)
 *   [data-upload-allowance]   data-largest, data-left (bytes) and the words of what exceeds them; fetched anew from
 *                             the page itself when something has arrived
 *   [data-upload-unfinished]  upload_unfinished.js
 *   [data-upload-notices] (hidden)  what became of chosen files that got no row of their own
 *   [data-upload-all] (hidden)  progress, [data-all-words], buttons [data-all="start|pause|resume|clear"]
 *   [data-upload-list]        rows (upload_row.js)
 *   [data-upload-said]        a polite live region: beginnings and ends, never percentages
 */

import { fingerprintOf } from "./upload_fingerprint.js";
import { IN_FLIGHT, stemOf, UNSETTLED, UploadItem } from "./upload_item.js";
import { UploadQueue } from "./upload_queue.js";
import { UploadRow } from "./upload_row.js";
import { UploadServer } from "./upload_server.js";
import { UnfinishedUploads } from "./upload_unfinished.js";
import { durationWords, filled, Sentences, sizeWords } from "./upload_words.js";

const DRAWN_EVERY = 200; // milliseconds
const SAID_AFTER = 1_000;
const CAPTIONS = /\.(vtt|srt)$/i;
const OTHER_TYPE = /^(image|text|font)\/|^application\/(pdf|zip)$/; // of the rest the content decides, on the server
const SAID_STATES = ["waiting", "accepted", "duplicate", "refused", "failed"];
const ENDED = ["accepted", "duplicate", "refused", "cancelled", "expired"];
/** To which files each button for all applies. */
const ALL = { start: ["ready"], pause: ["queued", ...IN_FLIGHT], resume: ["paused"], clear: ENDED };

/** Captions are named like their film, or with a language besides: talk.de.vtt goes with talk.mp4. */
function belongs(captionsStem, item) {
  const stem = stemOf(item.file.name);
  return captionsStem === stem || captionsStem.replace(/\.[a-z]{2,3}(-[a-z0-9]{2,8})*$/i, "") === stem;
}

class UploadPage {
  #page;
  #replaces; // the key of media; null where files become media of their own
  #server;
  #sentences;
  #queue;
  #unfinished;
  #rows = new Map(); // item: its row
  #captions = new Map(); // stem: the file that waits for its film
  #drawn = new Set();
  #drawing = null;
  #said = new Map(); // item: the state that was told last
  #sayings = [];
  #warn = (event) => event.preventDefault(); // "leave this page?" while bytes are under way

  constructor(page) {
    this.#page = page;
    this.#replaces = page.dataset.replaces ?? null;
    this.#server = new UploadServer(page.dataset.uploadsUrl);
    this.#sentences = new Sentences(this.#part("sentences"));
    this.#queue = new UploadQueue(this.#server);
    const isMine = (id) => this.#queue.items.some((item) => item.id === id && !item.is("cancelled"));
    this.#unfinished = new UnfinishedUploads(this.#part("unfinished"), {
      server: this.#server,
      sentences: this.#sentences,
      isMine,
      replaces: this.#replaces,
    });
    this.#queue.addEventListener("change", ({ detail }) => this.#onChange(detail));
    this.#listen();
    this.#unfinished.refresh();
    document.querySelector("[data-upload-needs]").hidden = true;
    page.hidden = false;
  }

  #part(name) {
    return this.#page.querySelector(`[data-upload-${name}]`);
  }

  #listen() {
    const [zone, input] = [this.#part("drop"), this.#part("files")];
    // First, and alone: the admin's theme would write the file's name into a field beside it, and there is none.
    input.addEventListener("change", (event) => this.#onChosen(event), { capture: true });
    for (const name of ["dragover", "dragleave", "drop"]) {
      zone.addEventListener(name, (event) => {
        event.preventDefault();
        zone.toggleAttribute("data-over", name === "dragover");
      });
    }
    zone.addEventListener("drop", ({ dataTransfer }) => this.#take([...dataTransfer.files]));
    for (const button of this.#page.querySelectorAll("[data-all]")) {
      button.addEventListener("click", () => this.#doAll(button.dataset.all));
    }
    addEventListener("pageshow", ({ persisted }) => persisted && this.#unfinished.refresh());
  }

  #onChosen(event) {
    event.stopImmediatePropagation();
    this.#take([...event.target.files]);
    event.target.value = ""; // the same file may be chosen again
  }

  /** Files as they were chosen or dropped: captions go along with the film of the same name. */
  async #take(files) {
    this.#part("notices").replaceChildren();
    for (const file of files.filter(({ name }) => CAPTIONS.test(name))) this.#takeCaptions(file);
    await this.#unfinished.refresh();
    const films = files.filter(({ name }) => !CAPTIONS.test(name));
    for (const film of films) await this.#takeFilm(film);
    if (films.length) this.#say(this.#sentences.count("added", films.length));
    for (const { name } of this.#captions.values()) this.#notice("captionsAlone", name);
    this.#part("notices").hidden = !this.#part("notices").textContent;
  }

  #takeCaptions(file) {
    const stem = stemOf(file.name);
    const film = this.#queue.items.find((item) => belongs(stem, item) && !item.is("checking", ...ENDED));
    if (film) film.attach(file);
    else this.#captions.set(stem, file);
  }

  async #takeFilm(file) {
    if (this.#replaces && this.#queue.those(...UNSETTLED, "checking").length) return this.#notice("oneOnly", file.name);
    const fingerprint = await fingerprintOf(file).catch(() => null);
    const batch = this.#part("batch")?.value || null;
    const item = new UploadItem(file, { server: this.#server, fingerprint, replaces: this.#replaces, batch });
    if (fingerprint && this.#isHere(fingerprint)) return this.#notice("twice", file.name);
    const known = this.#unfinished.matching(fingerprint);
    if (known) item.adopt(known);
    else this.#judge(item);
    this.#attachWaiting(item);
    this.#show(item);
    if (!known) return;
    this.#unfinished.show(); // this one is in the list below now
    item.queue();
  }

  #isHere(fingerprint) {
    return this.#queue.items.some((item) => item.fingerprint === fingerprint && !item.is("failed", ...ENDED));
  }

  #attachWaiting(item) {
    const stem = [...this.#captions.keys()].find((key) => belongs(key, item));
    if (stem === undefined) return;
    item.attach(this.#captions.get(stem));
    this.#captions.delete(stem);
  }

  /** What the server would refuse is refused before a byte is sent, in its words. */
  #judge(item) {
    const { dataset } = this.#part("allowance");
    const reserved = this.#queue.those("ready", "queued").filter(({ id }) => !id);
    const left = dataset.left - reserved.reduce((sum, { size }) => sum + size, 0);
    if (item.fingerprint === null) item.refuse("unreadable", this.#sentences.say("unreadable"));
    else if (OTHER_TYPE.test(item.file.type)) item.refuse("not_media", dataset.notMedia);
    else if (item.size === 0) item.refuse("empty_file", dataset.emptyFile);
    else if (item.size > dataset.largest) item.refuse("file_too_large", dataset.fileTooLarge);
    else if (item.size > left) item.refuse("allowance_used_up", this.#beyondWords(item.size, left));
  }

  #beyondWords(size, left) {
    return filled(this.#part("allowance").dataset.overAllowance, { size: sizeWords(size), left: sizeWords(Math.max(0, left)) });
  }

  #show(item) {
    const template = this.#page.querySelector("[data-upload-row]");
    const mediaUrl = (media) => this.#page.dataset.mediaUrl.replace("00000000-0000-0000-0000-000000000000", media);
    const row = new UploadRow(item, {
      template,
      sentences: this.#sentences,
      mediaUrl,
      on: (verb, of) => this.#do(verb, of),
    });
    this.#rows.set(item, row);
    this.#part("list").append(row.element);
    this.#queue.add(item);
  }

  #do(verb, item) {
    if (verb === "pause") item.pause();
    else if (verb === "resume" || verb === "again") item.queue();
    else if (verb === "remove") this.#remove(item);
    else if (!item.sent || confirm(this.#sentences.say("cancelAsk", { name: item.file.name }))) this.#cancel(item);
  }

  async #cancel(item) {
    await item.cancel();
    this.#refreshAllowance();
  }

  #remove(item) {
    const row = this.#rows.get(item).element;
    const next = row.nextElementSibling ?? row.previousElementSibling;
    (next?.querySelector("[data-end]") ?? this.#part("files")).focus();
    row.remove();
    this.#rows.delete(item);
    this.#queue.remove(item);
  }

  #doAll(verb) {
    for (const item of this.#queue.those(...ALL[verb])) {
      if (verb === "pause") item.pause();
      else if (verb === "clear") this.#remove(item);
      else item.queue();
    }
  }

  #onChange(item) {
    this.#drawn.add(item);
    this.#drawing ??= setTimeout(() => this.#draw(), DRAWN_EVERY);
    this.#tell(item);
    if (this.#queue.isBusy) addEventListener("beforeunload", this.#warn);
    else removeEventListener("beforeunload", this.#warn);
  }

  #draw() {
    this.#drawing = null;
    for (const item of this.#drawn) this.#rows.get(item)?.show();
    this.#drawn.clear();
    this.#drawTotal();
  }

  #drawTotal() {
    const { count, size, sent, speed } = this.#queue.total;
    this.#part("all").hidden = this.#queue.items.length === 0;
    this.#part("all").querySelector("progress").value = size ? (sent / size) * 100 : 0;
    const ended = this.#queue.those("checking", "accepted", "duplicate").length;
    const words = [this.#sentences.count("all", count, { ended, sent: sizeWords(sent), size: sizeWords(size) })];
    const refused = this.#queue.those("refused").length;
    if (refused) words.push(this.#sentences.count("refused", refused));
    if (speed > 0) words.push(this.#sentences.say("left", { time: durationWords((size - sent) / speed) }));
    this.#page.querySelector("[data-all-words]").textContent = words.join(" · ");
    for (const button of this.#page.querySelectorAll("[data-all]")) {
      button.hidden = this.#queue.those(...ALL[button.dataset.all]).length === 0;
    }
  }

  #tell(item) {
    if (this.#said.get(item) === item.state) return;
    this.#said.set(item, item.state);
    if (item.is("accepted", "duplicate", "refused", "sending")) this.#refreshAllowance();
    if (!item.is(...SAID_STATES)) return;
    this.#say(`${item.file.name}: ${this.#rows.get(item)?.stateWords ?? ""}`);
  }

  /** For eyes and ears: such a file has no row that would tell. */
  #notice(sentence, name) {
    const words = this.#sentences.say(sentence, { name });
    this.#part("notices").append(words, " ");
    this.#say(words);
  }

  /** Politely, and what comes together in one breath. */
  #say(words) {
    if (!this.#sayings.length) setTimeout(() => this.#speak(), SAID_AFTER);
    this.#sayings.push(words);
  }

  #speak() {
    this.#part("said").textContent = this.#sayings.splice(0).join(" ");
  }

  #refreshAllowance = soon(async () => {
    const response = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
    if (!response?.ok || response.redirected) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector("[data-upload-allowance]");
    if (fresh) this.#part("allowance").replaceWith(fresh);
  });
}

/** At most once in two seconds, however often it is asked for. */
function soon(work) {
  let timer = null;
  return () => {
    timer ??= setTimeout(() => {
      timer = null;
      work();
    }, 2_000);
  };
}

for (const page of document.querySelectorAll("[data-upload-page]")) new UploadPage(page);
