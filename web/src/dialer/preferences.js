/** What the user has chosen for this browser. No personal data: whether calls are heard. */

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
    // Storage is blocked here: the choice lasts as long as the page.
  }
}
