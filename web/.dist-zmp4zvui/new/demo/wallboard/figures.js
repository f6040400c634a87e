/**
 * What a queue has done since the page was opened. Pure, as `board.js`.
 *
 * @import {Call} from "../../src/common/protocol.d.ts"
 * @import {Entry} from "./board.js"
 *
 * @typedef Figures what a queue has done since the page was opened
 * @property {number} answered
 * @property {number} missed
 * @property {number} unknown ended while nobody looked
 * @property {number} waits answered calls of which the wait is known
 * @property {number} waited their waits together, in milliseconds
 */

/** @type {Readonly<Figures>} */
export const NO_FIGURES = Object.freeze({ answered: 0, missed: 0, unknown: 0, waits: 0, waited: 0 });

/** @param {Call} call */
export function isConnected({ status }) {
  return status === "CONNECTED" || status === "ON_HOLD";
}

/**
 * What an event of a queue adds to its figures. A call that was answered before the page was
 * opened adds nothing, and neither does its end.
 *
 * @param {number} openedAt
 * @param {Entry | undefined} before
 * @param {Call} call
 * @returns {"answered" | "missed" | "unknown" | null}
 */
export function outcomeOf(openedAt, before, call) {
  if (before && isConnected(before.call)) return null;
  if (isConnected(call)) {
    const seen = before !== undefined || (call.answerTime ?? 0) >= openedAt;
    return seen ? "answered" : null;
  }
  if (call.status !== "HANGUP" || before === undefined) return null;
  if (call.cause === "not followed any more") return "unknown";
  // Without a cause after a lost connection, it has just gone: it may have been answered.
  return before.unsure && call.cause === "" ? "unknown" : "missed";
}

/**
 * @param {Figures} figures
 * @param {"answered" | "missed" | "unknown"} what
 * @param {Entry | undefined} before
 * @param {Entry | undefined} after
 * @returns {Figures}
 */
export function count(figures, what, before, after) {
  const counted = { ...figures, [what]: figures[what] + 1 };
  const answeredAt = after?.answeredAt ?? null;
  if (what !== "answered" || answeredAt === null) return counted;
  const since = before?.since ?? after?.since ?? answeredAt;
  counted.waits += 1;
  counted.waited += Math.max(0, answeredAt - since);
  return counted;
}
