/**
 * The list of recent calls: those that this dialer has seen, and the server's.
 *
 * @import {Call, LogRecord} from "../common/protocol.d.ts"
 * @import {Recent} from "./recents.js"
 * @import {State} from "./state.js"
 */

import { partyIn } from "./calls.js";

/** The causes of calls that nobody has missed. A phone reports "busy" when its user declines. */
const SETTLED = new Set(["rejected", "busy", "transferred", "answered elsewhere"]);

/** The calls that are kept. */
export const MOST_RECENTS = 50;

/**
 * @param {readonly Recent[]} recents of this dialer
 * @param {readonly LogRecord[]} records of the server
 * @param {number} cleared the user has removed the calls up to this time from the list
 * @returns {Recent[]} the newest first, and each call once
 */
export function mergeHistory(recents, records, cleared) {
  const found = new Map(recents.map((recent) => [recent.key, recent]));
  for (const record of records) {
    const { callId, requestId, direction, number, answerTime, cause } = record;
    const endTime = record.endTime ?? record.startTime ?? 0;
    const startTime = record.startTime ?? answerTime ?? endTime;
    // A call that this page has placed is known by its request.
    const key = [requestId, callId].find((one) => one && found.has(one)) ?? callId;
    const known = found.get(key);
    const name = known?.name || record.contact?.name || record.name;
    if (!known && startTime <= cleared) continue;
    const settled = SETTLED.has(cause);
    const fresh = { key, direction, number, name, startTime, answerTime, endTime, settled };
    found.set(key, known ? { ...known, name } : fresh);
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
export function isMissed({ direction, answerTime, settled }) {
  return direction === "INBOUND" && answerTime === null && !settled;
}

/**
 * Add a call to the recent calls. This does not use the connector's `log` records: listening to them
 * would confirm them, and if no page of the CRM is open, they must wait for it.
 *
 * @param {State} state
 * @param {Call} call that has ended
 * @param {number} endTime
 * @returns {Recent[]}
 */
export function addRecent(state, call, endTime) {
  const { direction, answerTime } = call;
  const startTime = call.startTime ?? answerTime ?? endTime;
  const recent = {
    ...{ key: call.id, direction, ...partyIn(state, call) },
    ...{ startTime, answerTime, endTime, settled: SETTLED.has(call.cause) },
  };
  const others = state.recents.filter(({ key }) => key !== recent.key);
  return [recent, ...others].slice(0, MOST_RECENTS);
}
