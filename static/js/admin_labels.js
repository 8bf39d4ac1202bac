/* The admin's searchable pickers hide the labelled <select> behind elements without a name. This gives them its label. */
(() => {
  "use strict";

  function labelOf(select) {
    const label = select.labels?.[0] ?? select.closest(".form-row, .field-line")?.querySelector("label");
    return (label?.textContent ?? select.name).replace("*", "").trim();
  }

  function name(select) {
    const picker = select.nextElementSibling?.querySelector(".select2-selection");
    const search = select.nextElementSibling?.querySelector(".select2-search__field");
    // Where nothing is chosen there is a <span> right inside of a <ul>.
    picker?.querySelectorAll("ul > span").forEach((empty) => empty.setAttribute("role", "listitem"));
    if (search && !search.hasAttribute("aria-label")) search.setAttribute("aria-label", labelOf(select));
    if (!picker || picker.hasAttribute("aria-label")) return;
    const words = labelOf(select);
    picker.removeAttribute("aria-labelledby");
    picker.setAttribute("aria-label", words);
    picker.querySelector(".select2-selection__rendered")?.setAttribute("aria-label", words);
  }

  /** Rows inside a form say in their cells what a column holds, and name no field after it. */
  function nameInCell(field) {
    if (!field.labels?.length && !field.hasAttribute("aria-label")) field.setAttribute("aria-label", field.closest("td").dataset.label);
  }

  function nameAll() {
    document.querySelectorAll("td[data-label] :is(input:not([type=hidden]), textarea)").forEach(nameInCell);
    document.querySelectorAll("select.select2-hidden-accessible").forEach(name);
  }

  document.addEventListener("DOMContentLoaded", () => {
    nameAll();
    new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
  });
})();
