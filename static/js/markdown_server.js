/* What the editor of texts asks the server for: the HTML of a text, and a place for a picture. */

export class Refusal extends Error {
  /** `words` are for the person; empty where the server had none. */
  constructor(words = "") {
    super(words);
    this.words = words;
  }
}

export class MarkdownServer {
  #url;
  #token;
  #images = null;

  /** `url` draws texts and says where images go; `token` is that of the form. */
  constructor(url, token) {
    this.#url = url;
    this.#token = token;
  }

  async draw(text, signal) {
    const body = new FormData();
    body.set("text", text);
    const headers = { "X-CSRFToken": this.#token };
    const response = await fetch(this.#url, { method: "POST", headers, body, credentials: "same-origin", signal });
    if (!response.ok || response.redirected) throw new Refusal();
    return response.text();
  }

  /** Answers the Markdown that shows it. `told` hears how much is sent, 0–100. Raises Refusal. */
  async addImage(file, alt, told) {
    this.#images ??= await this.#imagesUrl();
    const body = new FormData();
    body.set("file", file, file.name || "picture");
    body.set("alt", alt);
    return (await this.#send(this.#images, body, told)).markdown;
  }

  async #imagesUrl() {
    const response = await fetch(this.#url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!response.ok || response.redirected) throw new Refusal();
    return (await response.json()).images;
  }

  /** fetch() does not tell how much has gone. */
  #send(url, body, told) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", url);
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("X-CSRFToken", this.#token);
      request.responseType = "json";
      request.upload.addEventListener("progress", (event) => told((100 * event.loaded) / (event.total || 1)));
      request.addEventListener("error", () => reject(new Refusal()));
      request.addEventListener("load", () => {
        if (request.status === 201) resolve(request.response);
        else reject(new Refusal(request.response?.error?.message));
      });
      request.send(body);
    });
  }
}
