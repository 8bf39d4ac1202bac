/*
 * One frame: a region is drawn on the picture, or typed; both show the same. What is not saved is not lost by a key.
 *
 * Page: [data-frame-page]. Picture: [data-drawing], an <svg> of 100 × 100 with [data-rect]. Form: [data-annotation]
 * with the fields left, top, width and height in percent, and [data-clear]. [data-told] tells the region in words, once
 * it rests: a status that changed with every press would never be heard to its end.
 */
import { isTyping } from "./typing.js";

const page = document.querySelector("[data-frame-page]");
const drawing = page.querySelector("[data-drawing]");
const rect = page.querySelector("[data-rect]");
const form = page.querySelector("[data-annotation]");
const SIDES = ["left", "top", "width", "height"];
const SMALLEST = 0.5; // percent: less is a click, not a region
const STEP = 1;
const REST = 500; // milliseconds without a change

let isChanged = form.querySelector("[role=alert]") !== null;

const field = (side) => form.elements[side];
const within = (value, most = 100) => Math.min(Math.max(value, 0), most);
const rounded = (value) => Math.round(value * 100) / 100;

/** Of the fields, in percent; null where they name none. */
function typed() {
  if (SIDES.some((side) => field(side).value === "")) return null;
  const [left, top, width, height] = SIDES.map((side) => Number(field(side).value));
  return { left, top, width, height };
}

const told = page.querySelector("[data-told]");
let telling = null;

function tell() {
  const region = typed();
  const sentence = region ? told.dataset.region : told.dataset.none;
  const words = sentence.replace(/\{(\w+)\}/g, (_all, side) => Math.round(region[side]));
  if (told.textContent !== words) told.textContent = words; // the same once more would be read once more
}

function tellSoon() {
  clearTimeout(telling);
  telling = setTimeout(tell, REST);
}

function show() {
  const { left, top, width, height } = typed() ?? { left: 0, top: 0, width: 0, height: 0 };
  for (const [name, value] of Object.entries({ x: left, y: top, width, height })) {
    rect.setAttribute(name, Math.max(value, 0));
  }
  rect.toggleAttribute("hidden", !typed());
  rect.style.display = typed() ? "" : "none";
  tellSoon();
}

function write(region) {
  for (const side of SIDES) field(side).value = region ? rounded(region[side]) : "";
  isChanged = true;
  show();
}

function at(event) {
  const box = drawing.getBoundingClientRect();
  return {
    x: within((100 * (event.clientX - box.left)) / box.width),
    y: within((100 * (event.clientY - box.top)) / box.height),
  };
}

let begun = null; // where the drawing under way began
let before = null; // the region that Escape brings back

function draw(event) {
  if (!begun || !event.isPrimary) return;
  const end = at(event);
  const [left, right] = [begun.x, end.x].sort((a, b) => a - b);
  const [top, bottom] = [begun.y, end.y].sort((a, b) => a - b);
  if (right - left < SMALLEST || bottom - top < SMALLEST) return;
  write({ left, top, width: right - left, height: bottom - top });
}

drawing.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || !event.isPrimary) return;
  drawing.setPointerCapture(event.pointerId);
  before = typed();
  begun = at(event);
});
drawing.addEventListener("pointermove", draw);
drawing.addEventListener("pointerup", (event) => {
  draw(event);
  begun = null;
});
drawing.addEventListener("pointercancel", () => {
  if (begun) cancel();
});
drawing.addEventListener("focus", () => {
  if (!begun) before = typed();
});

/** Back to what was there when the drawing began, or when the keyboard came to the picture. */
function cancel() {
  begun = null;
  write(before);
}

const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
const MIDDLE = { left: 25, top: 25, width: 50, height: 50 };

/** Arrows move the region, with Shift its lower right corner; the first one draws one in the middle. Escape undoes. */
drawing.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (["Delete", "Backspace"].includes(event.key)) write(null);
  else if (event.key === "Escape") cancel();
  else if (event.key in ARROWS) nudge(ARROWS[event.key], event.shiftKey);
  else return;
  event.preventDefault();
  event.stopPropagation();
});

function nudge([right, down], isSize) {
  const region = typed();
  if (!region) return write(MIDDLE);
  const { left, top, width, height } = region;
  if (isSize) {
    region.width = Math.max(within(width + right, 100 - left), STEP);
    region.height = Math.max(within(height + down, 100 - top), STEP);
  } else {
    region.left = within(left + right, 100 - width);
    region.top = within(top + down, 100 - height);
  }
  return write(region);
}

form.addEventListener("input", () => {
  isChanged = true;
  show();
});
form.addEventListener("submit", () => {
  isChanged = false;
});
const clear = form.querySelector("[data-clear]");
clear.hidden = false;
clear.addEventListener("click", () => write(null));

addEventListener("beforeunload", (event) => {
  if (isChanged) event.preventDefault();
});

/** The frame before and after. */
document.addEventListener("keydown", (event) => {
  const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  if (!rel || isTyping(event) || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  page.querySelector(`a[rel=${rel}]`)?.click();
});

show();
tell();
