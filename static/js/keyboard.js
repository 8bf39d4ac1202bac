/*
 * Keys of every page: "/" goes to the search box (beside a transcript, to its own), "?" opens the list of keys.
 *
 * Search box: [data-search-input]. List: <dialog data-shortcuts>; a button [data-shortcuts-open] opens it too.
 */
import { showPanel } from "./show_panel.js";
import { CAUGHT, isTyping } from "./typing.js";

const dialog = document.querySelector("dialog[data-shortcuts]");

function openShortcuts() {
  if (dialog && !dialog.open) dialog.showModal();
}

/** What is said here comes before what is said anywhere. */
function goSearching() {
  const transcript = document.querySelector("[data-transcript-search]");
  if (transcript) showPanel(transcript.closest("[data-transcript-root]").id);
  (transcript ?? document.querySelector("[data-search-input]"))?.focus();
}

const KEYS = {
  "/": goSearching,
  "?": openShortcuts,
};

document.addEventListener("keydown", (event) => {
  const action = KEYS[event.key];
  if (!action || isTyping(event)) return;
  event.preventDefault();
  action();
}, CAUGHT);

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-shortcuts-open]")) openShortcuts();
});

// An open menu closes with Escape and with a click beside it, as people expect of menus.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
