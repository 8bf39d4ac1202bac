/*
 * Copying with one press.
 *
 * <button type="button" data-copy="id-of-a-field" data-copied="Copied" hidden>: copies the field's value and says so
 * for a moment. Without this script, or where the browser gives no clipboard, the button stays hidden; the field can
 * still be selected by hand. Whoever brings such buttons into a page later offers them too.
 */

const SAID_FOR = 2000; // milliseconds

class CopyButton {
  #button;
  #field;
  #label;

  constructor(button) {
    this.#button = button;
    this.#field = document.getElementById(button.dataset.copy);
    this.#label = button.textContent;
    button.addEventListener("click", () => this.#copy());
    button.hidden = false;
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.#field.value);
    } catch {
      this.#field.select(); // refused by the browser: one key press is left to do
      return;
    }
    this.#button.textContent = this.#button.dataset.copied;
    setTimeout(() => (this.#button.textContent = this.#label), SAID_FOR);
  }
}

export function offerCopying(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy]")) new CopyButton(button);
}

offerCopying(document);
