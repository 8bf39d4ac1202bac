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
    if (search && !search.hasAttribute("aria-label")) search.setAttribute("aria-label", labelOf(select));
    if (!picker || picker.hasAttribute("aria-label")) return;
    const words = labelOf(select);
    picker.removeAttribute("aria-labelledby");
    picker.setAttribute("aria-label", words);
    picker.querySelector(".select2-selection__rendered")?.setAttribute("aria-label", words);
  }

  function nameAll() {
    document.querySelectorAll("select.select2-hidden-accessible").forEach(name);
  }

  document.addEventListener("DOMContentLoaded", () => {
    nameAll();
    new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
  });
})();
