/*
 * <form data-upload> sends its file with a true progress bar, then goes where the server says.
 *
 * Answers: 2xx {"location": url}; otherwise {"error": {"code", "message", "fields": {name: [words]}}}.
 * Inside the form:
 *   [data-upload-progress] (hidden)  with a <progress max="100">, [data-upload-percent], [data-upload-sent]
 *   [data-upload-cancel]             button, ends the transfer
 *   [data-upload-error] (hidden, role="alert")   words of what went wrong
 *   [data-error-for="<field>"]       words for one field
 * On the form: data-max-bytes and the words data-message-too-large, -network, -server, -cancelled.
 * Without this script the form posts as any form does.
 */

function humanSize(bytes) {
  const units = ["B", "kB", "MB", "GB"];
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  return `${(bytes / 1000 ** power).toFixed(power > 1 ? 1 : 0)} ${units[power]}`;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

class Upload {
  #form;
  #request = null;
  #warn = (event) => event.preventDefault(); // "leave this page?" while bytes are under way

  constructor(form) {
    this.#form = form;
    form.addEventListener("submit", (event) => this.#onSubmit(event));
    this.#part("cancel")?.addEventListener("click", () => this.#request?.abort());
  }

  #part(name) {
    return this.#form.querySelector(`[data-upload-${name}]`);
  }

  #onSubmit(event) {
    event.preventDefault();
    if (this.#request) return;
    this.#tell("");
    this.#tellFields({});
    if (this.#isTooLarge()) this.#tell(this.#form.dataset.messageTooLarge);
    else this.#send(new FormData(this.#form, event.submitter));
  }

  #isTooLarge() {
    const limit = Number(this.#form.dataset.maxBytes) || Infinity;
    const files = [...this.#form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
    return files.some((file) => file.size > limit);
  }

  #send(data) {
    const request = new XMLHttpRequest();
    this.#request = request;
    request.open("POST", this.#form.action);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    request.upload.addEventListener("progress", (event) => this.#showProgress(event));
    request.addEventListener("load", () => this.#onAnswer(request));
    request.addEventListener("error", () => this.#stop(this.#form.dataset.messageNetwork));
    request.addEventListener("abort", () => this.#stop(this.#form.dataset.messageCancelled));
    this.#setBusy(true);
    request.send(data);
  }

  #showProgress({ lengthComputable, loaded, total }) {
    if (!lengthComputable) return;
    const percent = Math.floor((loaded / total) * 100);
    this.#part("progress").querySelector("progress").value = percent;
    const words = { percent: `${percent} %`, sent: `${humanSize(loaded)} / ${humanSize(total)}` };
    for (const [name, text] of Object.entries(words)) {
      const part = this.#part(name);
      if (part) part.textContent = text;
    }
  }

  #onAnswer(request) {
    const { error, location: next } = parsed(request.responseText);
    if (request.status < 300 && next) {
      this.#setBusy(false);
      location.assign(next);
      return;
    }
    this.#stop(error?.message ?? this.#form.dataset.messageServer);
    this.#tellFields(error?.fields ?? {});
  }

  #stop(words) {
    this.#setBusy(false);
    this.#tell(words ?? "");
  }

  #setBusy(busy) {
    if (!busy) this.#request = null;
    this.#part("progress").hidden = !busy;
    for (const button of this.#form.querySelectorAll("[type=submit]")) button.disabled = busy;
    if (busy) addEventListener("beforeunload", this.#warn);
    else removeEventListener("beforeunload", this.#warn);
  }

  #tell(words) {
    const place = this.#part("error");
    place.textContent = words;
    place.hidden = !words;
  }

  #tellFields(fields) {
    for (const place of this.#form.querySelectorAll("[data-error-for]")) {
      const words = fields[place.dataset.errorFor] ?? [];
      place.textContent = [words].flat().join(" ");
      place.hidden = words.length === 0;
    }
  }
}

for (const form of document.querySelectorAll("form[data-upload]")) new Upload(form);
