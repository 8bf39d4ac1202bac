/*
 * Light or dark: the system decides until the person does.
 *
 * A classic script, loaded in <head> without defer, so that a remembered choice is there before the first
 * paint. Switch: <button type="button" data-theme-switch>.
 */
(() => {
  const root = document.documentElement;
  const STORAGE_KEY = "lectern.theme";

  function remembered() {
    try {
      return localStorage.getItem(STORAGE_KEY);
    } catch {
      return null; // storage may be switched off; the system's choice is then used
    }
  }

  function remember(theme) {
    try {
      localStorage.setItem(STORAGE_KEY, theme);
    } catch {
      // the choice then lasts as long as the page
    }
  }

  function shown() {
    if (root.dataset.theme) return root.dataset.theme;
    return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }

  function toggle() {
    const theme = shown() === "dark" ? "light" : "dark";
    root.dataset.theme = theme;
    remember(theme);
  }

  const theme = remembered();
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-theme-switch]")) toggle();
  });
})();
