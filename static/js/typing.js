/* Whether a key press belongs to something else than our shortcuts: a field, a dialog, a browser command. */

/** How shortcuts listen on the document: Video.js lets no key out of its controls. */
export const CAUGHT = { capture: true };

const FIELDS = "input, select, textarea, [contenteditable]";

export function isTyping(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true;
  return Boolean(event.target.closest?.(FIELDS) || document.querySelector("dialog[open]"));
}
