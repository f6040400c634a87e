/** Bootstrap's light or dark colours, as the system asks. Runs before the page is painted. */

const dark = matchMedia("(prefers-color-scheme: dark)");

function apply() {
  document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light";
}

dark.addEventListener("change", apply);
apply();
