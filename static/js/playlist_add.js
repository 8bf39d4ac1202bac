/*
 * "Add to playlist" without leaving the page: what <a data-playlist-add href="…"> leads to is shown in a dialog, and its
 * forms are sent from there. Where that does not work, the link and the forms do what links and forms do.
 */
import { csrfToken } from "./requests.js";

const AS_SCRIPT = { "X-Requested-With": "fetch" };

class Choice {
  #dialog = document.createElement("dialog");
  #link = null;

  constructor() {
    this.#dialog.className = "dialog";
    this.#dialog.addEventListener("submit", (event) => this.#onSubmit(event));
    this.#dialog.addEventListener("close", () => this.#link?.focus());
    document.body.append(this.#dialog);
  }

  async open(link) {
    this.#link = link;
    try {
      await this.#show(await fetch(link.href, { headers: AS_SCRIPT, credentials: "same-origin" }));
    } catch (error) {
      console.warn("As a page, then:", error);
      location.href = link.href;
      return;
    }
    this.#dialog.setAttribute("aria-label", link.textContent.trim());
    this.#dialog.showModal();
  }

  async #onSubmit(event) {
    const form = event.target;
    if (form.method === "dialog") return;
    event.preventDefault();
    const body = new FormData(form, event.submitter);
    const headers = { ...AS_SCRIPT, "X-CSRFToken": csrfToken() };
    try {
      await this.#show(await fetch(form.action, { method: "POST", headers, body, credentials: "same-origin" }));
      this.#dialog.querySelector("[method=dialog] button").focus();
    } catch (error) {
      console.warn("As a form, then:", error);
      this.#asForm(form, event.submitter);
    }
  }

  /** Like any other form, with the button that was pressed: it names the list. */
  #asForm(form, button) {
    if (button?.name) {
      const told = Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value });
      form.append(told);
    }
    form.submit();
  }

  async #show(response) {
    const type = response.headers.get("Content-Type") ?? "";
    if (!type.startsWith("text/html") || response.redirected || response.status >= 500 || response.status === 404) {
      throw new Error(response.status);
    }
    this.#dialog.innerHTML = await response.text();
  }
}

let choice = null;

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-playlist-add]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  choice ??= new Choice();
  choice.open(link);
});
