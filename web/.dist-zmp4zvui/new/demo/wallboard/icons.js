/**
 * A state is a word, a colour and one of these.
 */

import { icon } from "../common/site.js";

/** Lines in a square of 16. */
const PATHS = {
  check: "M3 8.5 6.5 12 13 4.5",
  person: "M8 7.5a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5M2.5 14a5.5 5.5 0 0 1 11 0",
  warning: "M8 2 15 14H1ZM8 6.5v3.5M8 12v.01",
  alarm: "M5 1.5h6L14.5 5v6L11 14.5H5L1.5 11V5ZM8 4.5v4.5M8 11.5v.01",
  bell: "M3 12h10l-1.5-2V7a3.5 3.5 0 0 0-7 0v3ZM6.5 14h3M8 3.5V2",
  out: "M4 12 12 4M6 4h6v6",
  talk: "M2 3h12v8H7l-3 3v-3H2ZM5 6h6M5 8.5h4",
  pause: "M5.5 3v10M10.5 3v10",
  question: "M5.5 5.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M8 12.5v.01",
};

/** @typedef {keyof typeof PATHS} IconName */

/**
 * Show an icon, unless it is there already.
 *
 * @param {HTMLElement} place
 * @param {IconName} name
 */
export function showIcon(place, name) {
  if (place.dataset.icon === name) return;
  place.dataset.icon = name;
  place.replaceChildren(icon(PATHS[name]));
}
