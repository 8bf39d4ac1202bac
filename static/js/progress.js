/*
 * Shows what the server answered about progress ("lectern:progress", from watch.js).
 *
 *   [data-media-percent="<media id>"]            text, or a <progress>: how much of this medium was seen, 0-100
 *   [data-item-id="<item id>"]                   data-state becomes in_progress or completed; a [data-state-label]
 *                                                inside reads the words of [data-label-completed] around it
 *   [data-show-when-completed="<item id>"]       is no longer hidden once the item is completed
 *   [data-hide-when-completed="<item id>"]       is hidden then; with data-needed, that percent completes it
 */

function show(selector, value) {
  for (const element of document.querySelectorAll(selector)) {
    if (element instanceof HTMLProgressElement) showBar(element, value);
    else element.textContent = String(Math.floor(value));
  }
}

function showBar(bar, value) {
  bar.value = value;
  bar.classList.toggle("is-complete", value >= 100);
}

function showItemState(id, state) {
  for (const element of document.querySelectorAll(`[data-item-id="${CSS.escape(id)}"]`)) {
    if (element.dataset.state === "completed" || element.dataset.state === state) continue;
    element.dataset.state = state;
    const words = element.closest("[data-label-completed]")?.dataset;
    const label = element.querySelector("[data-state-label]");
    if (words && label) label.textContent = state === "completed" ? words.labelCompleted : words.labelInProgress;
  }
}

function reveal(id) {
  for (const element of document.querySelectorAll(`[data-show-when-completed="${CSS.escape(id)}"]`)) element.hidden = false;
  for (const element of document.querySelectorAll(`[data-hide-when-completed="${CSS.escape(id)}"]`)) element.hidden = true;
}

/** An item may ask for less or more than what the library calls completed. */
function isDone(item, { completed, percent }) {
  const asks = item && document.querySelector(`[data-hide-when-completed="${CSS.escape(item)}"][data-needed]`);
  return asks ? percent >= Number(asks.dataset.needed) : completed;
}

document.addEventListener("lectern:progress", ({ detail }) => {
  const { item, media, percent } = detail;
  const completed = isDone(item, detail);
  show(`[data-media-percent="${CSS.escape(media)}"]`, percent);
  if (item) showItemState(item, completed ? "completed" : "in_progress");
  if (item && completed) reveal(item);
});
