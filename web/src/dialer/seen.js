/**
 * When each user has looked at the recent calls, and cleared them, last, in this browser. A logout does
 * not remove the times, so that the next login does not count the same calls as missed again.
 */

import { readStored, writeStored } from "./stored.js";

const KEY = "cti-dialer.seen";

/** @typedef {{seen: number, cleared: number}} Times epoch milliseconds */

/**
 * @param {string} userId
 * @returns {Times}
 */
export function readTimes(userId) {
  const { seen = 0, cleared = 0 } = readStored(KEY)[userId] ?? {};
  return { seen: Number(seen) || 0, cleared: Number(cleared) || 0 };
}

/**
 * @param {string} userId
 * @param {Times} times
 */
export function writeTimes(userId, times) {
  const before = readTimes(userId);
  if (before.seen === times.seen && before.cleared === times.cleared) return;
  writeStored(KEY, { ...readStored(KEY), [userId]: times });
}

/**
 * @param {() => void} onChange called when another tab has looked at the calls
 * @param {AbortSignal} signal
 */
export function watchTimes(onChange, signal) {
  addEventListener("storage", ({ key }) => key === KEY && onChange(), { signal });
}
