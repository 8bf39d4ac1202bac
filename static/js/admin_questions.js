/* The quiz page of the back office: of each question the fields of its kind. Without this all of them are shown. */
(() => {
  "use strict";

  const FIELDS = {
    choices: ["single_choice", "multiple_choice"],
    is_true: ["true_false"],
    accepted: ["short_text"],
    value: ["numeric"],
    tolerance: ["numeric"],
  };

  function show(select) {
    const prefix = select.name.replace(/kind$/, "");
    for (const [name, kinds] of Object.entries(FIELDS)) {
      const field = document.querySelector(`[name="${prefix}${name}"]`);
      const row = field?.closest(`.field-${name}`) ?? field?.closest(".field-line, .form-row");
      if (row) row.hidden = !kinds.includes(select.value);
    }
  }

  function showAll(root) {
    root.querySelectorAll('select[name^="questions-"][name$="-kind"]').forEach(show);
  }

  document.addEventListener("DOMContentLoaded", () => showAll(document));
  document.addEventListener("formset:added", ({ target }) => showAll(target));
  document.addEventListener("change", ({ target }) => {
    if (target.matches?.('select[name^="questions-"][name$="-kind"]')) show(target);
  });
})();
