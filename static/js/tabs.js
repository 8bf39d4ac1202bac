/*
 * Tabs, and panels that fold away.
 *
 * <div data-tabs role="tablist" hidden> of <button role="tab" aria-controls="panel" aria-selected="true|false">.
 * Without this script the list stays hidden and all panels are there. A tab with data-pinned-from="64rem" is a
 * tab only on narrower pages; from that width on its panel is always there. Which was chosen last is remembered on this
 * device.
 *
 * <button data-toggle-panel="outline" aria-expanded="true"> folds: the nearest [data-panels] gets the class
 * is-outline-closed, remembered on this device.
 */

const STEPS = { ArrowRight: 1, ArrowLeft: -1 };
const CHOSEN = "lectern.tab";

/** Storage may be switched off; then a choice lasts as long as the page. */
function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // see above
  }
}

function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

class Tabs {
  #list;
  #tabs;
  #selected;

  constructor(list) {
    this.#list = list;
    this.#tabs = [...list.querySelectorAll("[role=tab]")].map((button) => ({
      button,
      panel: document.getElementById(button.getAttribute("aria-controls")),
      wide: button.dataset.pinnedFrom ? matchMedia(`(min-width: ${button.dataset.pinnedFrom})`) : null,
    }));
    this.#selected = this.#begin();
    for (const tab of this.#tabs) this.#listen(tab);
    list.addEventListener("keydown", (event) => this.#onKey(event));
    this.#render();
  }

  #begin() {
    const chosen = remembered(CHOSEN);
    const named = this.#tabs.find(({ button }) => chosen && button.id === chosen);
    return named ?? this.#tabs.find(({ button }) => button.ariaSelected === "true") ?? this.#tabs[0];
  }

  #listen(tab) {
    tab.button.addEventListener("click", () => this.#select(tab));
    tab.wide?.addEventListener("change", () => this.#render());
  }

  get #offered() {
    return this.#tabs.filter((tab) => !tab.wide?.matches);
  }

  #select(tab) {
    this.#selected = tab;
    remember(CHOSEN, tab.button.id);
    this.#render();
  }

  #onKey(event) {
    const offered = this.#offered;
    const index = offered.findIndex(({ button }) => button === document.activeElement);
    const target = { Home: 0, End: offered.length - 1 }[event.key] ?? index + (STEPS[event.key] ?? NaN);
    const tab = offered[(target + offered.length) % offered.length];
    if (!tab || index < 0) return;
    event.preventDefault();
    this.#select(tab);
    tab.button.focus();
  }

  #render() {
    const offered = this.#offered;
    const shown = offered.includes(this.#selected) ? this.#selected : offered[0];
    this.#list.hidden = offered.length === 0;
    for (const tab of this.#tabs) renderTab(tab, { offered: offered.includes(tab), selected: tab === shown });
  }
}

function renderTab({ button, panel }, { offered, selected }) {
  button.hidden = !offered;
  button.ariaSelected = String(selected);
  button.tabIndex = selected ? 0 : -1;
  panel.hidden = offered && !selected;
  if (offered) panel.setAttribute("role", "tabpanel");
  else panel.removeAttribute("role");
}

class PanelToggle {
  #button;
  #panels;
  #name;

  constructor(button) {
    this.#button = button;
    this.#name = button.dataset.togglePanel;
    this.#panels = document.querySelector("[data-panels]");
    button.addEventListener("click", () => this.#set(!this.#isClosed, { keep: true }));
    this.#set(remembered(this.#key) === "true");
  }

  get #isClosed() {
    return this.#panels.classList.contains(`is-${this.#name}-closed`);
  }

  #set(closed, { keep = false } = {}) {
    this.#panels.classList.toggle(`is-${this.#name}-closed`, closed);
    this.#button.ariaExpanded = String(!closed);
    if (keep) remember(this.#key, String(closed));
  }

  get #key() {
    return `lectern.closed.${this.#name}`;
  }
}

for (const list of document.querySelectorAll("[data-tabs]")) new Tabs(list);
for (const button of document.querySelectorAll("[data-toggle-panel]")) new PanelToggle(button);
