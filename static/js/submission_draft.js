/* Keeps the text of an assignment while it is written. Without this the button “Save draft” does. */

import { postJson } from "./requests.js";
import { Saver } from "./saver.js";

const form = document.querySelector("[data-draft]");
const text = form?.querySelector("textarea");

if (text) {
  const state = document.querySelector("[data-draft-state]");
  const { saved, failed, loggedOut } = state.dataset;
  const send = async () => {
    await postJson(form.dataset.url, { text: text.value });
    return saved;
  };
  const saver = new Saver({ send, state, words: { failed, loggedOut }, moment: 2000 }); // ms after the last key

  text.addEventListener("input", () => saver.touch());
  form.addEventListener("submit", () => saver.leave());
}
