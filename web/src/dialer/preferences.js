/**
 * The user's preferences in this browser. They contain no personal data, so a logout keeps them.
 *
 * @import {State} from "./state.js"
 */

import { readStored, writeStored } from "./stored.js";

const TONE = "cti-dialer.tone";
const SETTINGS = "cti-dialer.settings";

/** @typedef {Pick<State, "sound" | "volume" | "output" | "notify" | "lang">} Settings */

/** @returns {boolean} whether calls ring */
export function readTone() {
  try {
    return localStorage.getItem(TONE) !== "off";
  } catch {
    return true;
  }
}

/** @param {boolean} tone */
export function writeTone(tone) {
  try {
    if (tone) localStorage.removeItem(TONE);
    else localStorage.setItem(TONE, "off");
  } catch {
    // Storage is blocked, so the preference lasts as long as the page.
  }
}

/**
 * @param {State} state
 * @returns {Settings}
 */
export function settingsOf({ sound, volume, output, notify, lang }) {
  return { sound, volume, output, notify, lang };
}

/** @returns {Partial<Settings>} only what is stored and valid */
export function readSettings() {
  const { sound, volume, output, notify, lang } = readStored(SETTINGS);
  return {
    ...(typeof sound === "string" && { sound }),
    ...(volume >= 0 && volume <= 1 && { volume: Number(volume) }),
    ...(typeof output === "string" && { output }),
    ...(typeof notify === "boolean" && { notify }),
    ...(typeof lang === "string" && { lang }),
  };
}

/** @param {Settings} settings */
export function writeSettings(settings) {
  writeStored(SETTINGS, settings);
}
