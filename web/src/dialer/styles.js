/** The style sheet. It is constructed, because a strict Content-Security-Policy allows that. */

import base from "./styles/base.css";
import calls from "./styles/calls.css";
import colours from "./styles/colours.css";
import control from "./styles/control.css";
import controls from "./styles/controls.css";
import corner from "./styles/corner.css";
import people from "./styles/people.css";
import phone from "./styles/phone.css";
import settings from "./styles/settings.css";

/** @type {CSSStyleSheet | undefined} */
let made;

/** @returns {CSSStyleSheet} one for all dialers of the page */
export function sheet() {
  if (!made) {
    made = new CSSStyleSheet();
    made.replaceSync([colours, base, controls, calls, control, phone, people, settings, corner].join(""));
  }
  return made;
}
