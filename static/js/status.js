/*
 * Live status by polling: <div data-status-url="…"> is refilled every 2 seconds with the HTML that the address
 * answers, while that HTML (or, at first, the element itself) holds data-live="true". Rests while the tab is
 * hidden, waits longer after errors. With data-reload-when-final the page loads anew at the end (a processed
 * video becomes a player). What was unfolded stays so, and the keyboard stays where it was, by their ids.
 */

const PAUSE = 2_000; // milliseconds
const LONGEST_PAUSE = 60_000;

function parse(html) {
  return [...new DOMParser().parseFromString(html, "text/html").body.childNodes];
}

function unfolded(place) {
  return [...place.querySelectorAll("details[open][id]")].map((details) => details.id);
}

class LiveStatus {
  #place;
  #pause = PAUSE;
  #shown = null;

  constructor(place) {
    this.#place = place;
    if (!place.ariaLive) place.ariaLive = "polite";
    if (this.#isLive) this.#wait();
  }

  get #isLive() {
    return this.#place.matches('[data-live="true"]') || this.#place.querySelector('[data-live="true"]') !== null;
  }

  #wait() {
    setTimeout(() => this.#look(), this.#pause);
  }

  #look() {
    if (document.visibilityState === "visible") return this.#ask();
    document.addEventListener("visibilitychange", () => this.#look(), { once: true });
  }

  async #ask() {
    try {
      const response = await fetch(this.#place.dataset.statusUrl, { credentials: "same-origin" });
      if (response.redirected || [401, 403, 404].includes(response.status)) return; // logged out, or gone
      if (!response.ok) throw new Error(`The status answered ${response.status}.`);
      this.#show(await response.text());
      this.#pause = PAUSE;
    } catch {
      this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
    }
    if (this.#isLive) this.#wait();
    else this.#finish();
  }

  #show(html) {
    delete this.#place.dataset.live; // from now on the fragment says whether there is more to come
    if (html === this.#shown) return;
    this.#shown = html;
    this.#refill(parse(html));
  }

  #refill(nodes) {
    const open = unfolded(this.#place);
    const focused = this.#place.contains(document.activeElement) ? document.activeElement.closest("[id]")?.id : null;
    this.#place.replaceChildren(...nodes);
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (focused) this.#focusable(focused)?.focus({ preventScroll: true });
  }

  #focusable(id) {
    const found = document.getElementById(id);
    return found?.matches("details") ? found.querySelector("summary") : found;
  }

  #finish() {
    if ("reloadWhenFinal" in this.#place.dataset) location.reload();
  }
}

for (const place of document.querySelectorAll("[data-status-url]")) new LiveStatus(place);
