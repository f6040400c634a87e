/**
 * The favourite colleagues, in this browser. Only ids are kept, so a logout does not remove them.
 */

const KEY = "cti-dialer.favourites";

/**
 * @param {string} userId
 * @returns {string[]} the ids of the user's favourites
 */
export function readFavourites(userId) {
  const own = read()[userId];
  return Array.isArray(own) ? own.filter((id) => typeof id === "string") : [];
}

/**
 * @param {string} userId
 * @param {readonly string[]} ids
 */
export function writeFavourites(userId, ids) {
  if (readFavourites(userId).join() === ids.join()) return;
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...read(), [userId]: ids }));
  } catch {
    // Storage is blocked, so the favourites last as long as the page.
  }
}

/** @returns {Record<string, unknown>} */
function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof kept === "object" && kept !== null ? kept : {};
  } catch {
    return {};
  }
}
