/* The transcript at the server: read, and told what changed. */
import { csrfToken } from "./requests.js";

export class Refusal extends Error {
  /** `fields` is like {"changed.12": ["…"]}. */
  constructor(status, { code = "", message = "", fields = {} } = {}) {
    super(message || `The server answered ${status}.`);
    Object.assign(this, { status, code, fields, words: message });
  }
}

export class Server {
  #url;

  constructor(url) {
    this.#url = url;
  }

  /** {id, language, cues, …}, or null where there are no words yet. */
  async read() {
    try {
      return await this.#ask("GET");
    } catch (error) {
      if (error instanceof Refusal && error.code === "no_transcript") return null;
      throw error;
    }
  }

  correct(base, corrections) {
    return this.#ask("PATCH", { base, ...corrections });
  }

  begin(cues, language) {
    return this.#ask("PUT", { cues, language });
  }

  async #ask(method, body) {
    const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
    if (body) headers["Content-Type"] = "application/json";
    const options = { method, headers, body: body && JSON.stringify(body), credentials: "same-origin", cache: "no-store" };
    const response = await fetch(this.#url, options);
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new Refusal(response.status, answer.error);
    return answer;
  }
}
