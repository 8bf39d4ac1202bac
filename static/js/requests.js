/* JSON to our own server. The token that proves the page is ours stands in <meta name="csrf-token">. */

/** `words` are the server's, for the person; empty where it had none. */
export class RequestFailed extends Error {
  constructor(status, words = "") {
    super(`The server answered ${status}.`);
    this.status = status;
    this.words = words;
  }

  /** The session ran out, or another one began in another tab. */
  get isLoggedOut() {
    return [401, 403].includes(this.status);
  }

  /** The server has understood and will say the same again. */
  get isRefusal() {
    return this.words !== "" && this.status < 500 && ![401, 403, 429].includes(this.status);
  }
}

async function failureOf(response) {
  const body = await response.json().catch(() => null);
  return new RequestFailed(response.status, body?.error?.message ?? "");
}

async function answerOf(response) {
  if (response.redirected) throw new RequestFailed(401); // to where one logs in
  if (!response.ok) throw await failureOf(response);
  return response.json();
}

export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/** Whoever logs in again in another tab has another token there: it is read from this page's address anew. */
export async function renewToken() {
  const response = await fetch(location.href, { credentials: "same-origin" });
  if (!response.ok || response.redirected) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const token = page.querySelector('meta[name="csrf-token"]')?.content;
  if (!token) return;
  document.querySelector('meta[name="csrf-token"]').content = token;
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
}

/** Answers the JSON of a 2xx answer; raises RequestFailed on any other, TypeError when the network fails. */
export async function getJson(url) {
  const response = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  return answerOf(response);
}

/** The same for what changes something; `headers`: more of them. */
export async function postJson(url, body, { keepalive = false, headers = {} } = {}) {
  const usual = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrfToken() };
  const response = await fetch(url, {
    method: "POST",
    headers: { ...usual, ...headers },
    body: JSON.stringify(body),
    credentials: "same-origin",
    keepalive,
  });
  return answerOf(response);
}

/** The same with the fields of a form. */
export async function postForm(url, body) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  return answerOf(await fetch(url, { method: "POST", headers, body, credentials: "same-origin" }));
}
