/**
 * Merges the server's list of calls with the calls that this dialer has seen.
 *
 * @import {LogRecord} from "../common/protocol.d.ts"
 * @import {Recent} from "./recents.js"
 */

import { MOST_RECENTS } from "./state.js";

/**
 * @param {readonly Recent[]} recents of this dialer
 * @param {readonly LogRecord[]} records of the server
 * @param {number} cleared the user has removed the calls up to this time from the list
 * @returns {Recent[]} the newest first, and each call once
 */
export function mergeHistory(recents, records, cleared) {
  const found = new Map(recents.map((recent) => [recent.key, recent]));
  for (const record of records) {
    const { callId, requestId, direction, number, answerTime } = record;
    const endTime = record.endTime ?? record.startTime ?? 0;
    const startTime = record.startTime ?? answerTime ?? endTime;
    // A call that this page has placed is known by its request.
    const key = [requestId, callId].find((one) => one && found.has(one)) ?? callId;
    const known = found.get(key);
    const name = known?.name || record.contact?.name || record.name;
    if (!known && startTime <= cleared) continue;
    found.set(key, known ? { ...known, name } : { key, direction, number, name, startTime, answerTime, endTime });
  }
  return [...found.values()]
    .sort((one, other) => other.startTime - one.startTime)
    .slice(0, MOST_RECENTS);
}

/**
 * @param {readonly Recent[]} recents
 * @param {number} seen epoch milliseconds
 * @returns {number} the missed calls since
 */
export function countUnseen(recents, seen) {
  return recents.filter((recent) => isMissed(recent) && recent.endTime > seen).length;
}

/** @param {Recent} recent */
export function isMissed({ direction, answerTime }) {
  return direction === "INBOUND" && answerTime === null;
}
