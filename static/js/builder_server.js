/* The outline at the server. One change after the other, each upon the revision that the one before it made. */
import { csrfToken } from "./requests.js";

/** What the server did not do; `answer` may bring the fresh outline along. */
export class Refusal extends Error {
  constructor(answer) {
    super(answer.error?.message ?? "");
    this.code = answer.error?.code ?? "";
    this.answer = answer;
  }
}

export class BuilderServer {
  #line = Promise.resolve();

  constructor(url, revision) {
    this.url = url;
    this.revision = revision;
  }

  /** Answers {revision, said, focus, confirm, go, outline | chapters}; raises Refusal, TypeError without network. */
  send(verb, values = {}) {
    const turn = this.#line.then(() => this.#send(verb, values));
    this.#line = turn.catch(() => {});
    return turn;
  }

  async #send(verb, values) {
    const body = new FormData();
    for (const [name, value] of Object.entries({ ...values, do: verb, revision: this.revision })) {
      for (const one of [value].flat()) body.append(name, one);
    }
    const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
    const response = await fetch(this.url, { method: "POST", headers, body, credentials: "same-origin" });
    const answer = await response.json().catch(() => ({}));
    if (answer.revision !== undefined) this.revision = answer.revision;
    if (!response.ok) throw new Refusal(answer);
    return answer;
  }
}
