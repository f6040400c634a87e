/**
 * What all pages of the demo have at their top: the way to the others, and the colours.
 *
 * A page has `<div id="site-bar" class="site-bar"></div>` and loads this with `blocking="render"`,
 * so that nothing moves when the bar is filled.
 */

import { byId } from "../dom.js";
import { theme, toggleTheme } from "../theme.js";

const PAGES = [
  { name: "Platform", path: "../" },
  { name: "Shop", path: "../shop/" },
  { name: "CRM", path: "../crm/" },
  { name: "Wallboard", path: "../wallboard/" },
];
const SVG = "http://www.w3.org/2000/svg";
const SUN =
  "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6M8 1v2M8 13v2M1 8h2M13 8h2" +
  "M3 3l1.4 1.4M11.6 11.6 13 13M3 13l1.4-1.4M11.6 4.4 13 3";
const MOON = "M13.5 9.6A6 6 0 0 1 6.4 2.5a6 6 0 1 0 7.1 7.1Z";

function navigation() {
  const nav = document.createElement("nav");
  nav.className = "wrap site-row";
  nav.ariaLabel = "Pages of the demo";
  const list = document.createElement("ul");
  for (const { name, path } of PAGES) {
    const link = document.createElement("a");
    const url = new URL(path, import.meta.url);
    link.href = url.pathname;
    link.textContent = name;
    if (location.pathname.replace(/index\.html$/, "") === url.pathname) link.ariaCurrent = "page";
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  nav.append(list, themeButton());
  return nav;
}

function themeButton() {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "site-theme";
  const show = () => {
    const label = theme() === "dark" ? "Use light colours" : "Use dark colours";
    if (made.ariaLabel === label) return;
    made.ariaLabel = made.title = label;
    made.replaceChildren(icon(theme() === "dark" ? SUN : MOON));
  };
  made.addEventListener("click", toggleTheme);
  new MutationObserver(show).observe(document.documentElement, {
    attributeFilter: ["data-bs-theme"],
  });
  show();
  return made;
}

/**
 * @param {string} d a path in a square of 16
 * @returns {SVGElement} drawn with lines in the colour of the text, not read out
 */
export function icon(d) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", d);
  svg.append(path);
  return svg;
}

byId("site-bar", HTMLElement).append(navigation());
