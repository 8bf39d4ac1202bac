/*
 * Panels that are asked for when somebody looks at them.
 *
 * <div data-fragment="notes/"> is filled with what the server answers at that address, anew each time it comes into
 * view, or once with data-fragment-once; what stands in it before stays where the server does not answer. An event
 * "lectern:refresh" on it asks again.
 * [data-open-panel="missed"] opens that panel instead of following its link, where the page has one.
 */
import { showPanel } from "./show_panel.js";

export const AS_SCRIPT = { "X-Requested-With": "fetch" };

/** Answers what the server wrote, and shows it. */
export async function fill(element, response) {
  const type = response.headers.get("Content-Type") ?? "";
  if (!type.startsWith("text/html") || response.redirected || response.status >= 500) throw new Error(response.status);
  element.innerHTML = await response.text();
}

async function refresh(element) {
  try {
    await fill(element, await fetch(element.dataset.fragment, { headers: AS_SCRIPT, credentials: "same-origin" }));
    if ("fragmentOnce" in element.dataset) seen.unobserve(element);
  } catch (error) {
    console.warn("The panel stays as it was:", error);
  }
}

/** Not under the hands of somebody who writes in it, nor what they have written and not saved. */
function isBusy(element) {
  if (element.contains(document.activeElement) && document.activeElement !== document.body) return true;
  return Array.from(element.querySelectorAll("textarea")).some((field) => field.value !== field.defaultValue);
}

const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting && !isBusy(target)) refresh(target);
});

for (const element of document.querySelectorAll("[data-fragment]")) {
  seen.observe(element);
  element.addEventListener("lectern:refresh", () => refresh(element));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-open-panel]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const panel = showPanel(link.dataset.openPanel);
  if (!panel) return;
  event.preventDefault();
  panel.scrollIntoView({ block: "nearest" });
});
