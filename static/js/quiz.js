/*
 * The sheet of a quiz: saves what was answered, and hands it in when the time is over.
 *
 * Works on form[data-quiz]; knows fields and questions, no kinds of them. A changed question is sent to the address of
 * the form a moment after the last change; what fails for want of a network is tried again until it is saved.
 */

import { clockTime } from "./time.js";

const form = document.querySelector("form[data-quiz]");
const saved = form.querySelector("[data-saved]");
const MOMENT = 1200; // ms after the last key
const AGAIN = 5000; // ms until the next try
const SPOKEN = [5, 1]; // minutes before the end

const changed = new Set();
let timer = 0;
let sending = false;
let leaving = false;

function plan(wait) {
  clearTimeout(timer);
  timer = setTimeout(save, wait);
}

/** The token and the fields of these questions. */
function bodyOf(questions) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const question of questions) {
    for (const field of question.querySelectorAll("input, select, textarea")) {
      const isChoice = field.type === "radio" || field.type === "checkbox";
      if (!isChoice || field.checked) body.append(field.name, field.value);
    }
  }
  return body;
}

async function save() {
  if (sending || changed.size === 0) return;
  sending = true;
  const questions = [...changed];
  changed.clear();
  saved.textContent = form.dataset.wordsSaving;
  try {
    saved.textContent = await send(questions);
  } catch {
    questions.forEach((question) => changed.add(question));
    saved.textContent = form.dataset.wordsOffline;
    plan(AGAIN);
  }
  sending = false;
  if (changed.size > 0 && saved.textContent !== form.dataset.wordsOffline) plan(MOMENT);
}

/** Answers what the server says of it; a refusal is final until something is changed. Raises where nobody answers. */
async function send(questions) {
  const response = await fetch(form.getAttribute("action"), {
    method: "POST",
    headers: { Accept: "application/json" },
    body: bodyOf(questions),
    credentials: "same-origin",
  });
  const answer = await response.json().catch(() => null);
  if (response.status >= 500 || answer === null) throw new Error(`The server answered ${response.status}.`);
  return response.ok ? answer.saved : answer.error.message;
}

form.addEventListener("input", ({ target }) => {
  const question = target.closest("[data-question]");
  if (!question) return;
  changed.add(question);
  saved.textContent = form.dataset.wordsUnsaved;
  plan(MOMENT);
});

window.addEventListener("online", () => plan(0));

form.addEventListener("submit", () => {
  leaving = true;
  clearTimeout(timer);
});

window.addEventListener("beforeunload", (event) => {
  if (!leaving && (changed.size > 0 || sending)) event.preventDefault();
});

function countDown(secondsLeft) {
  const end = performance.now() + secondsLeft * 1000;
  const clock = form.querySelector("[data-clock]");
  const announce = form.querySelector("[data-announce]");
  const toSay = new Set(SPOKEN.filter((minutes) => minutes * 60 < secondsLeft));

  function tick() {
    const left = Math.max(0, Math.round((end - performance.now()) / 1000));
    clock.textContent = clockTime(left);
    for (const minutes of toSay) {
      if (left > minutes * 60) continue;
      toSay.delete(minutes);
      announce.textContent = minutes === 1 ? form.dataset.wordsLast : `${minutes} ${form.dataset.wordsLeft}`;
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
