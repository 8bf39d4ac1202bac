/*
 * The sheet of a quiz: saves what was answered, and hands it in when the time is over.
 *
 * Works on form[data-quiz]; knows fields and questions, no kinds of them. A changed question is sent to the address of
 * the form a moment after the last change (saver.js).
 */

import { postForm } from "./requests.js";
import { Saver } from "./saver.js";
import { clockTime } from "./time.js";

const form = document.querySelector("form[data-quiz]");
const SPOKEN = [5, 1]; // minutes before the end

const changed = new Set();

const saver = new Saver({
  send,
  state: form.querySelector("[data-saved]"),
  words: {
    unsaved: form.dataset.wordsUnsaved,
    saving: form.dataset.wordsSaving,
    failed: form.dataset.wordsOffline,
    loggedOut: form.dataset.wordsLoggedOut,
  },
  moment: 1200, // ms after the last key
});

/** The fields of these questions. */
function bodyOf(questions) {
  const body = new FormData();
  for (const question of questions) {
    for (const field of question.querySelectorAll("input, select, textarea")) {
      const isChoice = field.type === "radio" || field.type === "checkbox";
      if (!isChoice || field.checked) body.append(field.name, field.value);
    }
  }
  return body;
}

/** What was refused is not sent again until it is changed: the rest of the sheet was kept all the same. */
async function send() {
  const questions = [...changed];
  changed.clear();
  try {
    return (await postForm(form.getAttribute("action"), bodyOf(questions))).saved;
  } catch (error) {
    if (!error.isRefusal) questions.forEach((question) => changed.add(question));
    throw error;
  }
}

form.addEventListener("input", ({ target }) => {
  const question = target.closest("[data-question]");
  if (!question) return;
  changed.add(question);
  saver.touch();
});

form.addEventListener("submit", (event) => {
  if (!event.submitter?.matches("[data-save]")) return saver.leave();
  event.preventDefault(); // Enter in an answer saves it
  saver.saveNow();
});

/** By the clock on the wall, which goes on while the computer sleeps. */
function countDown(secondsLeft) {
  const end = Date.now() + secondsLeft * 1000;
  const clock = form.querySelector("[data-clock]");
  const announce = form.querySelector("[data-announce]");
  const toSay = new Set(SPOKEN.filter((minutes) => minutes * 60 < secondsLeft));

  function tick() {
    const left = Math.max(0, Math.round((end - Date.now()) / 1000));
    clock.textContent = clockTime(left);
    for (const minutes of toSay) {
      if (left > minutes * 60) continue;
      toSay.delete(minutes);
      announce.textContent = form.getAttribute(`data-words-left-${minutes}`);
    }
    if (left > 0) setTimeout(tick, 500);
    else handIn();
  }

  tick();
}

/** The time is over: with what is on the sheet, and without asking. */
function handIn() {
  const confirmed = Object.assign(document.createElement("input"), { type: "hidden", name: "confirmed", value: "yes" });
  form.append(confirmed);
  form.requestSubmit(form.querySelector("[data-submit]"));
}

form.querySelector("[data-save]").hidden = true;
if (form.dataset.secondsLeft) countDown(Number(form.dataset.secondsLeft));
