/**
 * Whether somebody was logged in when this page was last seen: then it waits for the connector,
 * which remembers the session, before it asks for a password. Never a name, never a secret.
 */

const KEY = "cti-platform.logged-in";

/** @returns {boolean} */
export function wasLoggedIn() {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

/** @param {boolean} loggedIn */
export function rememberLogin(loggedIn) {
  try {
    if (loggedIn) localStorage.setItem(KEY, "yes");
    else localStorage.removeItem(KEY);
  } catch {
    // Storage is forbidden here: the login form simply comes at once.
  }
}
