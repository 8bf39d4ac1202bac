/* The outline at the server. One change after the other, each upon the revision that the one before it made. */
import { csrfToken, renewToken } from "./requests.js";

/** What the server did not do, with words for the person; `answer` may bring the fresh outline along. */
export class Refusal extends Error {
  constructor(words, answer = {}) {
    super(words);
    this.answer = answer;
  }
}

export class BuilderServer {
  #line = Promise.resolve();

  /** The addresses, the revision and the words of the page. */
  constructor({ url, picker, revision, lostWords, loggedOutWords }) {
    Object.assign(this, { url, picker, revision: Number(revision), lostWords, loggedOutWords });
  }

  /** Answers {revision, said, focus, go, outline | chapters, place, gone} or {confirm}; raises Refusal. */
  send(verb, values = {}) {
    const turn = this.#line.then(() => this.#send(verb, values));
    this.#line = turn.catch(() => {});
    return turn;
  }

  /** A page of the library as HTML; raises Refusal. */
  async pick(query) {
    const response = await this.#reach(`${this.picker}?${new URLSearchParams(query)}`);
    if (!response.ok) this.#lose();
    return response.text().catch(() => this.#lose());
  }

  async #send(verb, values) {
    const body = new FormData();
    for (const [name, value] of Object.entries({ ...values, do: verb, revision: this.revision })) {
      for (const one of [value].flat()) body.append(name, one);
    }
    const response = await this.#post(body);
    const answer = await response.json().catch(() => this.#lose());
    if (answer.revision !== undefined) this.revision = answer.revision;
    if (!response.ok) throw new Refusal(answer.error?.message || this.lostWords, answer);
    return answer;
  }

  async #post(body, isAgain = false) {
    const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
    const response = await this.#reach(this.url, { method: "POST", headers, body });
    if (response.status !== 403 || isAgain) return response;
    await renewToken().catch(() => this.#lose());
    return this.#post(body, true);
  }

  /** A log-in page instead of an answer is none. */
  async #reach(url, options = {}) {
    const response = await fetch(url, { ...options, credentials: "same-origin" }).catch(() => this.#lose());
    if (response.redirected) throw new Refusal(this.loggedOutWords);
    return response;
  }

  #lose() {
    throw new Refusal(this.lostWords);
  }
}
