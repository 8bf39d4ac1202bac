/* Adding items to a chapter: several videos at once from the library, or something new. */

/** Answers the function that opens the dialog for a chapter. */
export function addDialog(builder) {
  const dialog = builder.dialog("add");
  const form = dialog.querySelector("[data-new-item]");
  const pick = pickDialog(builder);
  let chapter = null;

  const showFields = () => {
    dialog.querySelector("[data-resource]").hidden = form.elements.type.value !== "resource";
  };
  form.addEventListener("change", showFields);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { type, title, link, file } = form.elements;
    const values = { chapter: chapter.dataset.id, type: type.value, title: title.value };
    if (type.value === "resource") Object.assign(values, { link: link.value }, file.files[0] && { file: file.files[0] });
    if (await builder.change("add_item", values, options(dialog, title.value))) done(dialog, form);
  });
  dialog.querySelector("[data-pick]").addEventListener("click", () => {
    dialog.close();
    pick(chapter);
  });

  return (row) => {
    chapter = row;
    dialog.querySelector("[data-wrong]").textContent = "";
    dialog.querySelector("[data-title]").textContent = builder.title(row);
    showFields();
    dialog.showModal();
  };
}

function pickDialog(builder) {
  const dialog = builder.dialog("pick");
  const list = dialog.querySelector("[data-list]");
  const search = dialog.querySelector("[data-search]");
  const form = dialog.querySelector("[data-picked]");
  const chosen = new Set();
  let [chapter, timer, turn] = [null, 0, 0];

  const load = async (page = 1) => {
    const mine = (turn += 1);
    const query = new URLSearchParams({ q: search.elements.q.value, chapter: chapter.dataset.id, page });
    const response = await fetch(`${builder.root.dataset.picker}?${query}`, { credentials: "same-origin" });
    const html = await response.text();
    if (mine !== turn || !response.ok) return;
    list.innerHTML = html;
    for (const box of list.querySelectorAll("[name=media]")) box.checked = chosen.has(box.value);
  };

  search.addEventListener("submit", (event) => {
    event.preventDefault();
    load();
  });
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(load, 250);
  });
  list.addEventListener("click", (event) => {
    const page = event.target.closest("[data-page]")?.dataset.page;
    if (page) load(page);
  });
  list.addEventListener("change", ({ target }) => {
    if (target.checked) chosen.add(target.value);
    else chosen.delete(target.value);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = { chapter: chapter.dataset.id, media: [...chosen] };
    if (await builder.change("add_media", values, options(dialog))) done(dialog, search);
  });

  return (row) => {
    chapter = row;
    chosen.clear();
    list.replaceChildren();
    dialog.querySelector("[data-wrong]").textContent = "";
    dialog.showModal();
    load();
  };
}

function options(dialog, typed = "") {
  return { typed, told: (words) => (dialog.querySelector("[data-wrong]").textContent = words) };
}

/** Closing gives the focus back to where it was before; the new row has it already. */
function done(dialog, form) {
  const focused = document.activeElement;
  dialog.close();
  form.reset();
  focused?.focus();
}
