/**
 * The favourite colleagues, in this browser. Only ids are kept, so a logout does not remove them.
 */

import { readStored, writeStored } from "./stored.js";

const KEY = "cti-dialer.favourites";

/**
 * @param {string} userId
 * @returns {string[]} the ids of the user's favourites
 */
export function readFavourites(userId) {
  const own = readStored(KEY)[userId];
  return Array.isArray(own) ? own.filter((/** @type {unknown} */ id) => typeof id === "string") : [];
}

/**
 * @param {string} userId
 * @param {readonly string[]} ids
 */
export function writeFavourites(userId, ids) {
  if (readFavourites(userId).join() === ids.join()) return;
  writeStored(KEY, { ...readStored(KEY), [userId]: ids });
}
