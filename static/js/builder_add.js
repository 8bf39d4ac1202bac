/* Adding items to a chapter: several videos at once from the library, or something new. */
import { Refusal } from "./builder_server.js";

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
    if (await builder.change("add_item", values, { typed: title.value, dialog })) form.reset();
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
  const [found, wrong] = [dialog.querySelector("[data-found]"), dialog.querySelector("[data-wrong]")];
  const chosen = new Set();
  let [chapter, timer, turn] = [null, 0, 0];

  const show = (html, told) => {
    list.innerHTML = html;
    wrong.textContent = told;
    found.textContent = list.querySelector("[data-count]")?.textContent ?? "";
    for (const box of list.querySelectorAll("[name=media]")) box.checked = chosen.has(box.value);
  };
  /** Answers whether it is shown: who types on hears only of the last words. */
  const load = async (page = 1) => {
    const mine = (turn += 1);
    try {
      const html = await builder.server.pick({ q: search.elements.q.value, chapter: chapter.dataset.id, page });
      if (mine === turn) show(html, "");
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (mine === turn) show("", error.message);
    }
    return mine === turn;
  };
  /** The button that was pressed is gone: on with the first one of the new page. */
  const turnTo = async (page) => {
    if (await load(page)) list.querySelector("[name=media]:enabled, [data-page]")?.focus();
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
    if (page) turnTo(page);
  });
  list.addEventListener("change", ({ target }) => {
    if (target.checked) chosen.add(target.value);
    else chosen.delete(target.value);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = { chapter: chapter.dataset.id, media: [...chosen] };
    if (await builder.change("add_media", values, { dialog })) search.reset();
  });

  return (row) => {
    chapter = row;
    chosen.clear();
    show("", "");
    dialog.showModal();
    load();
  };
}
