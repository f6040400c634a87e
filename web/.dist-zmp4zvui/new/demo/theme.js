/**
 * Bootstrap's light or dark colours: as the system asks, or as the user has chosen on one of the
 * pages. Runs before the page is painted.
 *
 * @typedef {"light" | "dark"} Theme
 */

const KEY = "cti-demo.theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

/** @returns {Theme} what the system asks for */
function system() {
  return dark.matches ? "dark" : "light";
}

/** @returns {Theme | null} */
function chosen() {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : null;
  } catch {
    // Storage is forbidden here: the system decides.
    return null;
  }
}

function apply() {
  document.documentElement.dataset.bsTheme = chosen() ?? system();
}

/** @returns {Theme} what is seen now */
export function theme() {
  return document.documentElement.dataset.bsTheme === "dark" ? "dark" : "light";
}

/** The other colours. What the system asks for anyway need not be remembered. */
export function toggleTheme() {
  const next = theme() === "dark" ? "light" : "dark";
  try {
    if (next === system()) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    // Not remembered, then.
  }
  document.documentElement.dataset.bsTheme = next;
}

dark.addEventListener("change", apply);
// Another tab has chosen.
addEventListener("storage", ({ key }) => key === KEY && apply());
apply();
