/* Brings a panel of the page to the eye: unfolds what it lies in, chooses its tab. Answers the panel, or null. */

export function showPanel(id) {
  const panel = document.getElementById(id);
  if (!panel) return null;
  if (panel instanceof HTMLDetailsElement) panel.open = true;
  const tab = document.querySelector(`[role=tab][aria-controls="${CSS.escape(id)}"]`);
  if (tab) {
    document.querySelector('[data-toggle-panel="side"][aria-expanded="false"]')?.click();
    tab.click();
  }
  return panel;
}
