/** The user's preferences in this browser: whether calls ring. They contain no personal data. */

const KEY = "cti-dialer.tone";

/** @returns {boolean} */
export function readTone() {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

/** @param {boolean} tone */
export function writeTone(tone) {
  try {
    if (tone) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, "off");
  } catch {
    // Storage is blocked, so the preference lasts as long as the page.
  }
}
