/*
 * The grid of frames: a section's pictures are fetched when it is opened, frames are chosen, a bar says how many.
 *
 * Form: [data-frames] with data-most. Sections: <details data-batch> with [data-section], whose value answers a page of
 * its frames, a[data-more] where there are further ones, and [data-all] to choose them all. Bar: [data-bar],
 * where moving waits for a target.
 * Shift chooses all from the last one; arrows go from frame to frame. Sections that are open stay so when one returns.
 */
const form = document.querySelector("form[data-frames]");
const OPEN = "frames-open";

const boxes = (within = form) => [...within.querySelectorAll("input[name=frame]")];
const chosen = () => boxes().filter((box) => box.checked);

async function fetched(address) {
  const response = await fetch(address, { credentials: "same-origin" });
  if (!response.ok || response.redirected) throw new Error(`The server answered ${response.status}.`);
  const holder = document.createElement("template");
  holder.innerHTML = await response.text();
  return holder.content;
}

const underWay = new WeakMap(); // what is being fetched for a section: whoever wants it too waits for the same

function once(place, fetching) {
  if (!underWay.has(place)) underWay.set(place, fetching().finally(() => underWay.delete(place)));
  return underWay.get(place);
}

/** The first frames of a section, once. Where they do not come, the link to the pictures stands there still. */
async function open(details) {
  const place = details.querySelector("[data-section]");
  if (!place.querySelector("[data-waiting]")) return;
  await once(place, async () => place.replaceChildren(await fetched(place.dataset.section))).catch(() => {});
}

/** The next frames of a section, after those that are there. Answers whether there were any. */
async function goOn(details) {
  const place = details.querySelector("[data-section]");
  const more = place.querySelector("[data-more]");
  if (!more) return false;
  await once(place, () => fetchMore(place, more));
  return true;
}

async function fetchMore(place, more) {
  const address = new URL(place.dataset.section, location.href);
  address.searchParams.set("part", more.dataset.part);
  const further = await fetched(address);
  const first = further.querySelector("input[name=frame]");
  place.querySelector(".frames").append(...further.querySelector(".frames").children);
  const hadFocus = document.activeElement === more;
  more.closest(".frames__more").remove();
  const still = further.querySelector(".frames__more");
  still?.querySelector(".frames__former")?.remove();
  if (still?.querySelector("[data-more]")) place.append(still);
  if (hadFocus) first?.focus();
}

/** Frames that cannot be fetched are not chosen: the bar tells how many are. */
async function chooseAll(details, isChosen) {
  try {
    await open(details);
    while (isChosen && (await goOn(details)));
  } finally {
    for (const box of boxes(details)) box.checked = isChosen;
    tell();
  }
}

function tell() {
  const bar = form.querySelector("[data-bar]");
  const number = chosen().length;
  const isTooMany = number > Number(form.dataset.most);
  const { one, many, tooMany } = bar.querySelector("[data-count]").dataset;
  const words = number === 1 ? one : many.replace("%s", number);
  bar.hidden = number === 0;
  bar.querySelector("[data-count]").textContent = isTooMany ? `${words}. ${tooMany}` : words;
  const isNowhere = form.elements.batch.value === "";
  for (const button of bar.querySelectorAll("button[name=do]")) {
    button.disabled = isTooMany || (button.value === "move" && isNowhere);
  }
  for (const details of form.querySelectorAll("details[data-batch]")) {
    const here = boxes(details);
    const all = details.querySelector("[data-all]");
    all.checked = here.length > 0 && here.every((box) => box.checked) && !details.querySelector("[data-more]");
    all.indeterminate = !all.checked && here.some((box) => box.checked);
  }
}

let last = null;

/** With Shift all from the last one that was touched take its state. */
function choose(box, reaches) {
  const all = boxes();
  if (reaches && last && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    for (const between of all.slice(from, to + 1)) between.checked = box.checked;
  }
  last = box;
  tell();
}

/** How many frames stand in a row. */
function columns(box) {
  const frames = [...box.closest(".frames").children];
  const top = frames[0].offsetTop;
  const next = frames.findIndex((frame) => frame.offsetTop > top);
  return next < 0 ? frames.length : next;
}

function step(event) {
  const box = event.target.closest?.("input[name=frame]");
  const steps = box && { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns(box), ArrowDown: columns(box) };
  if (!steps || !(event.key in steps)) return;
  const all = boxes().filter((one) => one.closest("details").open);
  const next = all[all.indexOf(box) + steps[event.key]];
  event.preventDefault();
  if (!next) return;
  next.focus();
  if (event.shiftKey) {
    next.checked = box.checked = true;
    tell();
  }
}

function keepOpen() {
  const ids = [...form.querySelectorAll("details[data-batch][open]")].map((details) => details.id);
  sessionStorage.setItem(OPEN, JSON.stringify(ids));
}

function openAgain() {
  for (const id of JSON.parse(sessionStorage.getItem(OPEN) ?? "[]")) {
    const details = document.getElementById(id);
    if (details) details.open = true;
  }
}

function begin() {
  for (const all of form.querySelectorAll("[data-all]")) {
    all.closest("label").hidden = false;
    all.addEventListener("change", () => chooseAll(all.closest("details"), all.checked).catch(() => {}));
  }
  for (const details of form.querySelectorAll("details[data-batch]")) {
    details.addEventListener("toggle", () => {
      if (details.open) open(details);
      keepOpen();
    });
  }
  form.addEventListener("click", async (event) => {
    const more = event.target.closest("[data-more]");
    if (more) {
      event.preventDefault();
      await goOn(more.closest("details")).catch(() => location.assign(more.href));
      tell();
    }
    if (event.target.matches("input[name=frame]")) choose(event.target, event.shiftKey);
  });
  form.addEventListener("keydown", step);
  form.elements.batch.addEventListener("change", tell);
  const none = form.querySelector("[data-none]");
  none.hidden = false;
  none.addEventListener("click", () => {
    for (const box of chosen()) box.checked = false;
    tell();
  });
  document.addEventListener("keydown", (event) => {
    const isElsewhere = event.target.matches?.("select, input:not([type=checkbox])");
    if (event.key === "Escape" && !isElsewhere && chosen().length) none.click();
  });
  openAgain();
  tell();
}

if (form) begin();
