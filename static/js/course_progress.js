/*
 * The outline and the progress of the course, on the lesson page.
 *
 * Items of the outline get their [data-item-id] here, from the addresses they link to: a long outline then carries each
 * key once. When an item was just completed ("lectern:progress", watch.js) the server is asked how far the course is,
 * at the address in [data-course-progress].
 */

for (const link of document.querySelectorAll(".outline__item:not([data-item-id]) > a")) {
  link.parentElement.dataset.itemId = new URL(link.href).pathname.split("/").at(-2);
}

const bar = document.querySelector("[data-course-progress]");

async function readProgress(url) {
  const response = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  return response.ok ? response.json() : null;
}

function show({ completed, percentage }) {
  const progress = bar.querySelector("[data-course-percent]");
  if (!progress) return;
  progress.value = percentage;
  progress.classList.toggle("is-complete", percentage >= 100);
  bar.querySelector("[data-course-completed]").textContent = String(completed);
  const notice = document.querySelector("[data-course-complete]");
  if (notice && percentage >= 100) notice.hidden = false;
}

/* Reports go on after completion; the course changes with the first of them only. */
let asked = false;

document.addEventListener("lectern:progress", async ({ detail }) => {
  if (!bar || !detail.completed || asked) return;
  asked = true;
  try {
    const answer = await readProgress(bar.dataset.courseProgress);
    if (answer) show(answer);
    else asked = false;
  } catch {
    asked = false; // the network is away: the next report asks again
  }
});
