/* JSON to our own server. The token that proves the page is ours stands in <meta name="csrf-token">. */

/** `words` are the server's, for the person; empty where it had none. */
export class RequestFailed extends Error {
  constructor(status, words = "") {
    super(`The server answered ${status}.`);
    this.status = status;
    this.words = words;
  }
}

async function failureOf(response) {
  const body = await response.json().catch(() => null);
  return new RequestFailed(response.status, body?.error?.message ?? "");
}

export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/** Who has logged in again meanwhile has a new one: this page, opened anew, says which. */
export async function renewToken() {
  const page = await fetch(location.href, { credentials: "same-origin" });
  const html = new DOMParser().parseFromString(await page.text(), "text/html");
  const token = html.querySelector('meta[name="csrf-token"]')?.content;
  if (token) document.querySelector('meta[name="csrf-token"]').content = token;
}

/** Answers the JSON of a 2xx answer; raises RequestFailed on any other, TypeError when the network fails. */
export async function getJson(url) {
  const response = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!response.ok) throw await failureOf(response);
  return response.json();
}

/** The same for what changes something. */
export async function postJson(url, body, { keepalive = false } = {}) {
  const response = await fetch(url, {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
    body: JSON.stringify(body),
    credentials: "same-origin",
    keepalive,
  });
  if (!response.ok) throw await failureOf(response);
  return response.json();
}
