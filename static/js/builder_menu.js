/* What can be done with one row besides moving it by a place: its facts, another chapter, a copy, deleting it. */

/** Answers the function that opens the dialog for a row. */
export function menuDialog(builder) {
  const dialog = builder.dialog("menu");
  const [facts, move] = [dialog.querySelector("[data-facts]"), dialog.querySelector("[data-move]")];
  let row = null;

  const change = (verb, values) => {
    const kind = builder.kind(row);
    builder.change(`${verb}_${kind}`, { [kind]: row.dataset.id, ...values }, { button: "menu", dialog });
  };

  facts.addEventListener("submit", (event) => {
    event.preventDefault();
    const { published, is_required: required, estimated_minutes: minutes } = facts.elements;
    const values = { state: published.checked ? "published" : "draft", estimated_minutes: minutes.value };
    change("set", required.checked ? { ...values, is_required: "on" } : values);
  });
  move.addEventListener("submit", (event) => {
    event.preventDefault();
    const { chapter, position } = move.elements;
    const isItem = builder.kind(row) === "item";
    change("move", isItem ? { chapter: chapter.value, position: position.value } : { position: position.value });
  });
  dialog.addEventListener("click", (event) => {
    const act = event.target.closest("[data-act]")?.dataset.act;
    if (act === "rename") {
      dialog.close();
      builder.renaming.start(row);
    } else if (act === "delete") {
      dialog.close();
      change("delete", {});
    } else if (act) change(act, {});
  });

  return (chosen) => {
    row = chosen;
    const isItem = builder.kind(row) === "item";
    dialog.querySelector("[data-wrong]").textContent = "";
    dialog.querySelector("[data-title]").textContent = builder.title(row);
    facts.hidden = !isItem;
    move.elements.chapter.closest("label").hidden = !isItem;
    if (isItem) fillFacts(facts, row);
    fillPlaces(builder, move, row, isItem);
    dialog.showModal();
  };
}

function fillFacts(facts, row) {
  facts.elements.published.checked = row.dataset.state === "published";
  facts.elements.is_required.checked = row.dataset.required === "1";
  facts.elements.estimated_minutes.value = row.dataset.minutes;
}

function fillPlaces(builder, move, row, isItem) {
  const { chapter, position } = move.elements;
  const chapters = [...builder.outline.children];
  chapter.replaceChildren(...chapters.map((one) => new Option(builder.title(one), one.dataset.id)));
  if (isItem) chapter.value = row.closest("section").dataset.id;
  position.value = [...row.parentElement.children].indexOf(row) + 1;
  position.required = !isItem;
  chapter.onchange = () => (position.value = "");
}
