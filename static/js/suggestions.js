/*
 * What is found while somebody types into a search box: a form with data-suggestions, its address, around an
 * input[type=search]. Down and up choose, Enter opens what is chosen (or searches), Escape closes. Without this script
 * the form searches.
 */
import { getJson } from "./requests.js";

const PAUSE = 200; // milliseconds without a key, so that not every letter is asked for
const FEWEST = 3; // letters

let boxes = 0;

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

class Suggestions {
  #asked = 0;
  #chosen = -1;
  #input;
  #list = element("ul", "suggestions", "");
  #status = element("p", "visually-hidden", "");
  #timer;
  #url;

  constructor(form) {
    this.#url = form.dataset.suggestions;
    this.#input = form.querySelector("input[type=search]");
    this.#list.id = `suggestions-${(boxes += 1)}`;
    this.#list.role = "listbox";
    this.#list.ariaLabel = this.#input.ariaLabel;
    this.#list.hidden = true;
    this.#status.role = "status";
    this.#input.parentElement.classList.add("suggests");
    this.#input.parentElement.append(this.#list, this.#status);
    this.#describe();
    this.#listen(form);
  }

  #describe() {
    this.#input.role = "combobox";
    this.#input.autocomplete = "off";
    this.#input.ariaAutoComplete = "list";
    this.#input.ariaExpanded = "false";
    this.#input.setAttribute("aria-controls", this.#list.id);
  }

  #listen(form) {
    this.#input.addEventListener("input", () => this.#wait());
    this.#input.addEventListener("keydown", (event) => this.#press(event));
    form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || this.#close());
    // A press must not take the focus from the box: the list would close under the finger.
    this.#list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  #wait() {
    clearTimeout(this.#timer);
    if (this.#input.value.trim().length < FEWEST) return this.#close();
    this.#timer = setTimeout(() => this.#ask(this.#input.value), PAUSE);
    return undefined;
  }

  /** An answer that comes after a later question is dropped; without one, the box searches as ever. */
  async #ask(words) {
    const number = (this.#asked += 1);
    const { found } = await getJson(`${this.#url}?q=${encodeURIComponent(words)}`).catch(() => ({ found: [] }));
    if (number === this.#asked && document.activeElement === this.#input) this.#show(found);
  }

  #show(found) {
    this.#list.replaceChildren(...found.map((one, place) => this.#option(one, place)));
    this.#choose(-1);
    this.#list.hidden = found.length === 0;
    this.#input.ariaExpanded = String(found.length > 0);
    this.#status.textContent = found.length ? String(found.length) : "";
  }

  #option({ url, text, title, time }, place) {
    const option = element("li", "suggestions__one", "");
    option.id = `${this.#list.id}-${place}`;
    option.role = "option";
    option.ariaSelected = "false";
    option.dataset.url = url;
    option.append(element("span", "suggestions__text", text));
    option.append(element("span", "suggestions__where", [time, title].filter(Boolean).join(" · ")));
    option.addEventListener("click", () => location.assign(url));
    return option;
  }

  #press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (this.#list.hidden || event.isComposing) return;
    if (step) this.#choose(this.#chosen + step);
    else if (event.key === "Escape") this.#close();
    else if (event.key === "Enter" && this.#chosen >= 0) location.assign(this.#list.children[this.#chosen].dataset.url);
    else return;
    event.preventDefault();
  }

  /** -1 is the box itself: round and round. */
  #choose(place) {
    const options = [...this.#list.children];
    this.#chosen = place < -1 ? options.length - 1 : place >= options.length ? -1 : place;
    options.forEach((option, n) => (option.ariaSelected = String(n === this.#chosen)));
    const chosen = options[this.#chosen];
    chosen?.scrollIntoView({ block: "nearest" });
    if (chosen) this.#input.setAttribute("aria-activedescendant", chosen.id);
    else this.#input.removeAttribute("aria-activedescendant");
  }

  #close() {
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.#show([]);
  }
}

for (const form of document.querySelectorAll("form[data-suggestions]")) new Suggestions(form);
