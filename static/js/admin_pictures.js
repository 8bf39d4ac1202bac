/*
 * The admin's theme writes the name of a chosen file into a text field beside it, and fails where there is none.
 * In the picture panel the browser's own field says the name.
 */

for (const input of document.querySelectorAll(".picture-panel input[type=file]")) {
  input.addEventListener("change", (event) => event.stopImmediatePropagation(), { capture: true });
}
