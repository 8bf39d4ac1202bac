/*
 * Keys of every page: "/" goes to the search box, "?" opens the list of keys.
 *
 * Search box: [data-search-input]. List: <dialog data-shortcuts>; a button [data-shortcuts-open] opens it too.
 */
import { isTyping } from "./typing.js";

const dialog = document.querySelector("dialog[data-shortcuts]");

function openShortcuts() {
  if (dialog && !dialog.open) dialog.showModal();
}

const KEYS = {
  "/": () => document.querySelector("[data-search-input]")?.focus(),
  "?": openShortcuts,
};

document.addEventListener("keydown", (event) => {
  const action = KEYS[event.key];
  if (!action || isTyping(event)) return;
  event.preventDefault();
  action();
});

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
