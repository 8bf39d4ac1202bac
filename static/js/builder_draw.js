/* What the server answers becomes rows. */
import { letGo, makeDraggable } from "./builder_drag.js";

/** The whole `outline`, or single `chapters`, one that is `gone`, and the `place` of the one in `focus`, from 1. */
export function draw(builder, { outline, chapters = {}, gone, focus, place }) {
  if (outline !== undefined) drawAll(builder.outline, outline);
  for (const [id, html] of Object.entries(chapters)) drawChapter(builder, id, html);
  if (gone) takeAway(builder.row(gone));
  if (place) putAt(builder.outline, builder.row(focus), place);
  makeDraggable(builder, builder.outline);
}

function drawAll(outline, html) {
  letGo(outline);
  outline.innerHTML = html;
}

function drawChapter(builder, id, html) {
  const old = builder.row(id);
  if (!old) return builder.outline.insertAdjacentHTML("beforeend", html);
  letGo(old);
  old.outerHTML = html;
}

function takeAway(row) {
  letGo(row);
  row.remove();
}

function putAt(outline, row, place) {
  const others = [...outline.children].filter((one) => one !== row);
  if (outline.children[place - 1] !== row) outline.insertBefore(row, others[place - 1] ?? null);
}
