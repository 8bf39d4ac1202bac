/*
 * Uploads as the API of an organization tells them (`/api/v1/<organization>/uploads/`).
 *
 * Two ways to fail, and they are told apart here once: Unreachable passes by waiting (the line is gone, the server is
 * busy), a Refusal does not, and has words for the person.
 */

import { csrfToken } from "./requests.js";

const PASSING = new Set([0, 408, 423, 425, 429, 500, 502, 503, 504]); // 423: another window sends this very file
const ALLOWANCE = "allowance_used_up"; // 429 as well, but it passes only with the week
const LONGEST_LIST = 200;

export class Unreachable extends Error {
  constructor(status = 0) {
    super(`The server answered ${status || "nothing"}.`);
    this.status = status;
  }
}

export class Refusal extends Error {
  constructor(status, { code = "", message = "" } = {}) {
    super(message);
    this.status = status;
    this.code = code || String(status);
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** The error that an answer stands for: `status` is 0 where none came, `text` its body. */
export function failureOf(status, text) {
  const { error } = parsed(text);
  const isPassing = PASSING.has(status) && error?.code !== ALLOWANCE;
  return isPassing ? new Unreachable(status) : new Refusal(status, error);
}

export class UploadServer {
  #root;

  /** `root` is the address of the list of uploads. */
  constructor(root) {
    this.#root = root;
  }

  addressOf(id) {
    return `${this.#root}${id}/`;
  }

  /** Reserves the size; answers the new upload, whose `method` says which way its bytes go. */
  start({ file, title, fingerprint, replaces, batch }) {
    const facts = { filename: file.name, title, fingerprint: fingerprint ?? "", size: file.size, replaces, batch };
    return this.#tell(this.#root, facts);
  }

  /** Mine in one state, up to 200 of them, newest first. */
  async list(state) {
    const query = new URLSearchParams({ state, page_size: LONGEST_LIST });
    return (await (await this.#ask(`${this.#root}?${query}`)).json()).results;
  }

  async read(id, signal) {
    return (await this.#ask(this.addressOf(id), { signal })).json();
  }

  async cancel(id) {
    await this.#ask(this.addressOf(id), { method: "DELETE", headers: { "Tus-Resumable": "1.0.0" } });
  }

  async sendCaptions(id, captions, signal) {
    const body = new FormData();
    body.set("captions", captions);
    await this.#ask(`${this.addressOf(id)}captions/`, { method: "PUT", body, signal });
  }

  /** Where the bucket takes these parts, and with which headers: `{number, url, headers}` each. */
  async partAddresses(id, numbers, signal) {
    return (await this.#tell(`${this.addressOf(id)}parts/`, { numbers }, signal)).parts;
  }

  async complete(id, signal) {
    await this.#tell(`${this.addressOf(id)}complete/`, {}, signal);
  }

  async #tell(url, facts, signal) {
    const headers = { "Content-Type": "application/json" };
    const response = await this.#ask(url, { method: "POST", headers, body: JSON.stringify(facts), signal });
    return response.json();
  }

  async #ask(url, { headers = {}, ...options } = {}) {
    const own = { Accept: "application/json", "X-CSRFToken": csrfToken(), ...headers };
    const response = await reach(url, { credentials: "same-origin", ...options, headers: own });
    if (response.ok) return response;
    throw failureOf(response.status, await response.text());
  }
}

async function reach(url, options) {
  try {
    return await fetch(url, options);
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason;
    throw error instanceof TypeError ? new Unreachable() : error;
  }
}
