/*
 * Whether a key press belongs to something else than our shortcuts: a field, a dialog, a browser command; and whether
 * shortcuts of a single sign are wanted at all: speech and shaking hands press many. The choice is this device's;
 * [data-shortcuts-switch] is its checkbox.
 */

/** How shortcuts listen on the document: Video.js lets no key out of its controls. */
export const CAUGHT = { capture: true };

const FIELDS = "input, select, textarea, [contenteditable]";
const STORAGE_KEY = "lectern.shortcuts";

function remembered() {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null; // storage may be switched off; the choice then lasts as long as the page
  }
}

function remember(choice) {
  try {
    localStorage.setItem(STORAGE_KEY, choice);
  } catch {
    // as above
  }
}

let areWanted = remembered() !== "off";
const box = document.querySelector("[data-shortcuts-switch]");

if (box) {
  box.checked = areWanted;
  box.addEventListener("change", () => {
    areWanted = box.checked;
    remember(areWanted ? "on" : "off");
  });
}

const isSign = ({ key }) => key.length === 1 && key !== " ";

export function isTyping(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true;
  if (!areWanted && isSign(event)) return true;
  return Boolean(event.target.closest?.(FIELDS) || document.querySelector("dialog[open]"));
}
