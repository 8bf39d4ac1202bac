/*
 * Rules that open a chapter or an item (templates/admin/courses/availability.html): each row shows what its kind asks
 * for, and rows come and go. Without this all fields of all rows are shown.
 */

const PARTS = {
  date: ["at"],
  days: ["days"],
  after_previous: [],
  after_item: ["item"],
  after_chapter: ["chapter"],
  min_score: ["item", "percent"],
};

const rulesOf = (box) => [...box.querySelectorAll("[data-rule]")];
const kindOf = (rule) => rule.querySelector('[data-part="kind"] select');

function showParts(rule) {
  const wanted = PARTS[kindOf(rule).value] ?? [];
  for (const part of rule.querySelectorAll("[data-part]")) {
    part.hidden = part.dataset.part !== "kind" && !wanted.includes(part.dataset.part);
  }
}

function remove(box, rule) {
  kindOf(rule).value = "";
  rule.hidden = true;
  const next = rulesOf(box).find((other) => !other.hidden);
  (next ? kindOf(next) : box.querySelector("[data-add]")).focus();
}

/* A hidden row is taken before a new one is made, so that numbers stay below the most there may be. */
function add(box) {
  const rules = rulesOf(box);
  let rule = rules.find((one) => one.hidden);
  if (!rule && rules.length < Number(box.dataset.most)) {
    rule = renumbered(rules[0].cloneNode(true), rules.length);
    rules.at(-1).after(rule);
  }
  if (!rule) return;
  rule.hidden = false;
  showParts(rule);
  kindOf(rule).focus();
}

function renumbered(rule, number) {
  for (const field of rule.querySelectorAll("[name]")) {
    field.name = field.name.replace(/-\d+-(\w+)$/, `-${number}-$1`);
    field.value = "";
  }
  const label = rule.querySelector('[data-part="kind"] span');
  label.textContent = label.textContent.replace(/\d+/, String(number + 1));
  return rule;
}

function start(box) {
  for (const rule of rulesOf(box)) {
    rule.hidden = !kindOf(rule).value;
    showParts(rule);
  }
  for (const button of box.querySelectorAll("[data-add], [data-remove]")) button.hidden = false;
  box.addEventListener("change", ({ target }) => {
    if (target.closest('[data-part="kind"]')) showParts(target.closest("[data-rule]"));
  });
  box.addEventListener("click", ({ target }) => {
    if (target.closest("[data-add]")) add(box);
    if (target.closest("[data-remove]")) remove(box, target.closest("[data-rule]"));
  });
}

document.querySelectorAll("[data-availability]").forEach(start);
