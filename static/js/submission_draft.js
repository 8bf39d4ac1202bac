/* Keeps the text of an assignment while it is written. Without this the button “Save draft” does. */

import { postJson } from "./requests.js";

const PAUSE_MS = 2000; // after the last key

const form = document.querySelector("[data-draft]");
const text = form?.querySelector("textarea");
const state = document.querySelector("[data-draft-state]");
let saved = text?.value;
let timer;

async function save() {
  const written = text.value;
  if (written === saved) return;
  try {
    await postJson(form.dataset.url, { text: written });
    saved = written;
    state.textContent = state.dataset.saved;
  } catch (error) {
    state.textContent = error.words || state.dataset.failed;
  }
}

text?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE_MS);
});
form?.addEventListener("submit", () => clearTimeout(timer));
