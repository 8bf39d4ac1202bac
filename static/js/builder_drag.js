/* Moving rows by mouse or finger, with SortableJS (static/vendor). The keyboard has buttons. */
/* global Sortable */

const LOOK = { handle: ".b-grip", animation: 120, delay: 120, delayOnTouchOnly: true };

/** Also for rows that were drawn anew. */
export function makeDraggable(builder, outline) {
  if (typeof Sortable === "undefined") return;
  if (!Sortable.get(outline)) {
    Sortable.create(outline, { ...LOOK, draggable: ".b-chapter", onEnd: (event) => dropChapter(builder, event) });
  }
  for (const list of outline.querySelectorAll(".b-items")) {
    if (Sortable.get(list)) continue;
    Sortable.create(list, { ...LOOK, group: "items", draggable: ".b-item", onEnd: (event) => dropItem(builder, event) });
  }
}

/** Before rows are drawn anew: lists that are gone would be listened to for ever. */
export function letGo(rows) {
  if (typeof Sortable === "undefined") return;
  for (const list of rows.querySelectorAll(".b-items")) Sortable.get(list)?.destroy();
}

async function dropChapter(builder, { item, oldIndex, newIndex, from }) {
  if (oldIndex === newIndex) return;
  const moved = await builder.change("move_chapter", { chapter: item.dataset.id, position: newIndex + 1 });
  if (!moved) putBack(item, from, oldIndex);
}

async function dropItem(builder, { item, from, to, oldIndex, newIndex }) {
  if (from === to && oldIndex === newIndex) return;
  const chapter = to.closest("[data-id]").dataset.id;
  const moved = await builder.change("move_item", { item: item.dataset.id, chapter, position: newIndex + 1 });
  if (!moved) putBack(item, from, oldIndex);
}

/** Where the server refused and brought no fresh outline. */
function putBack(row, from, index) {
  if (!row.isConnected || !from.isConnected) return;
  row.remove();
  from.insertBefore(row, from.children[index] ?? null);
}
