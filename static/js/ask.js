/*
 * Asking: the answer appears sentence by sentence, each one checked by the server before it is sent.
 *
 * [data-ask] holds [data-ask-log], the questions and answers, and form[data-ask-form] with [data-ask-question]. It may be
 * put into the page later (panels.js), so the document listens. The server sends events `begun`, `sentence`, `end`,
 * `problem`, each with JSON. Enter asks, Shift+Enter begins a line. Without this script the form is sent as forms are.
 * form[data-thumbs]: its pressed button stays pressed, and pressed again is taken back.
 */
import { AS_SCRIPT } from "./panels.js";
import { csrfToken } from "./requests.js";

const STREAM = "text/event-stream";

function element(name, className, text = "") {
  const created = document.createElement(name);
  created.className = className;
  created.textContent = text;
  return created;
}

/** Events as the server wrote them: {name, data}. Lines that begin with a colon only say that it is still there. */
async function* eventsOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (held + value).split("\n\n");
    held = blocks.pop();
    for (const block of blocks) {
      const found = block.match(/^event: (\w+)\ndata: (.*)$/);
      if (found) yield { name: found[1], data: JSON.parse(found[2]) };
    }
  }
}

class Question {
  #root;
  #form;
  #field;
  #article = element("article", "answer");
  #text = element("p", "answer__text answer__waits");

  constructor(form) {
    this.#form = form;
    this.#root = form.closest("[data-ask]");
    this.#field = form.querySelector("[data-ask-question]");
  }

  async ask() {
    const body = new URLSearchParams(new FormData(this.#form));
    this.#show(this.#field.value);
    try {
      const headers = { ...AS_SCRIPT, Accept: STREAM, "X-CSRFToken": csrfToken() };
      await this.#read(await fetch(this.#form.action, { method: "POST", headers, body, credentials: "same-origin" }));
    } catch (error) {
      console.warn("The answer broke off:", error);
      this.#fail(this.#form.dataset.stopped);
    }
  }

  #show(question) {
    this.#text.setAttribute("role", "status");
    this.#text.textContent = this.#form.dataset.looking;
    this.#article.append(element("h3", "answer__question", question), this.#text);
    this.#root.querySelector("[data-ask-log]").append(this.#article);
    this.#article.scrollIntoView({ block: "nearest" });
  }

  async #read(response) {
    if (!response.ok || !response.headers.get("Content-Type")?.startsWith(STREAM)) {
      const answer = await response.json().catch(() => null);
      this.#fail(answer?.error?.message ?? this.#form.dataset.stopped);
      return;
    }
    this.#field.value = "";
    let isWhole = false;
    let isFirst = true;
    for await (const { name, data } of eventsOf(response.body)) {
      if (name === "begun") this.#form.elements.conversation.value = data.conversation;
      if (name === "sentence") {
        if (isFirst) this.#text.replaceChildren();
        isFirst = false;
        this.#text.insertAdjacentHTML("beforeend", data.html);
      }
      if (name === "end") this.#end(data.html);
      if (name === "problem") this.#fail(data.message);
      isWhole ||= name === "end" || name === "problem";
    }
    if (!isWhole) this.#fail(this.#form.dataset.stopped);
  }

  /** As the page shows it: with its passages. */
  #end(html) {
    this.#article.insertAdjacentHTML("afterend", html);
    this.#article.nextElementSibling.scrollIntoView({ block: "nearest" });
    this.#article.remove();
  }

  /** What came stays. */
  #fail(words) {
    this.#text.classList.remove("answer__waits");
    if (this.#text.textContent === this.#form.dataset.looking) this.#text.remove();
    const notice = element("p", "message message--warning", words);
    notice.setAttribute("role", "alert");
    this.#article.append(notice);
  }
}

async function ask(form) {
  const button = form.querySelector("[type=submit]");
  if (form.dataset.busy || !form.reportValidity()) return;
  form.dataset.busy = "yes";
  button.setAttribute("aria-disabled", "true");
  await new Question(form).ask();
  delete form.dataset.busy;
  button.removeAttribute("aria-disabled");
}

async function rate(form, button) {
  const headers = { ...AS_SCRIPT, "X-CSRFToken": csrfToken() };
  const body = new URLSearchParams({ thumb: button.value });
  const response = await fetch(form.action, { method: "POST", headers, body, credentials: "same-origin" });
  if (!response.ok) return;
  const { thumb } = await response.json();
  for (const one of form.querySelectorAll("[data-thumb]")) {
    const isPressed = one.dataset.thumb === thumb;
    one.setAttribute("aria-pressed", String(isPressed));
    one.value = isPressed ? "" : one.dataset.thumb;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-ask-form]")) {
    event.preventDefault();
    ask(form);
  } else if (form.matches("[data-thumbs]")) {
    event.preventDefault();
    rate(form, event.submitter).catch((error) => console.warn("Not kept:", error));
  }
});

document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("[data-ask-question]") || event.isComposing) return;
  if (event.key === "Escape") event.target.blur();
  if (event.key !== "Enter" || event.shiftKey) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-ask-anew]");
  if (!button) return;
  const root = button.closest("[data-ask]");
  root.querySelector("[data-ask-log]").replaceChildren();
  root.querySelector("[data-ask-form]").elements.conversation.value = "";
  root.querySelector("[data-ask-question]").focus();
});
