/* A title becomes a field where it stands: Enter keeps it, Escape and leaving without a change do not. */

export function renameInPlace(builder, row, button) {
  const kind = builder.kind(row);
  const field = Object.assign(document.createElement("input"), { type: "text", value: button.textContent, maxLength: 200 });
  field.setAttribute("aria-label", button.title || button.textContent);
  button.replaceWith(field);
  field.select();
  let isOver = false;

  const leave = ({ focus }) => {
    isOver = true;
    field.replaceWith(button);
    if (focus) button.focus();
  };

  const keep = async () => {
    const title = field.value.trim();
    if (!title || title === button.textContent) return leave({ focus: true });
    isOver = true;
    const answer = await builder.change(`rename_${kind}`, { [kind]: row.dataset.id, title }, { typed: title });
    isOver = Boolean(answer);
    if (!answer && field.isConnected) field.focus();
    return answer;
  };

  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      if (!isOver) keep();
    } else if (event.key === "Escape") leave({ focus: true });
  });
  field.addEventListener("blur", () => {
    if (isOver || !field.isConnected) return;
    if (field.value.trim() === button.textContent) leave({ focus: false });
    else keep();
  });
}
