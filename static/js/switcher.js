/*
 * The organizations one may switch to: fetched when the account menu is opened for the first time, so that no other
 * page pays for the list. Until then, and where it fails, a plain link leads to the choice.
 *
 * Menu: <details data-account-menu> holding <div data-organizations="address of the list">.
 */
const menu = document.querySelector("[data-account-menu]");
const place = menu?.querySelector("[data-organizations]");

async function load() {
  const response = await fetch(place.dataset.organizations, { credentials: "same-origin" });
  if (!response.ok || response.redirected) return; // logged out meanwhile: the link leads to the log-in
  place.innerHTML = await response.text();
  for (const link of place.querySelectorAll("a")) {
    const isHere = location.pathname.startsWith(link.pathname) && link.pathname !== "/";
    if (isHere) link.setAttribute("aria-current", "true");
  }
}

menu?.addEventListener("toggle", () => load().catch(() => {}), { once: true });
