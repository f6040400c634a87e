/**
 * What is said about calls of the log.
 *
 * @import {LogRecord, Outcome} from "../../src/cti-connector.d.ts"
 */

import { duration } from "../words.js";

const LANGUAGE = "en-GB";
const clock = new Intl.DateTimeFormat(LANGUAGE, { timeStyle: "short" });
const date = new Intl.DateTimeFormat(LANGUAGE, { day: "numeric", month: "short" });
const whole = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "full", timeStyle: "short" });

/** @type {Record<Outcome, string>} */
const OUTCOMES = {
  answered: "Answered",
  missed: "Missed",
  "no-answer": "No answer",
  busy: "Busy",
  rejected: "Declined",
  cancelled: "Cancelled",
  failed: "Failed",
};

/**
 * @param {LogRecord} record
 * @returns {string} such as `Outgoing · 0:32` or `Incoming · Missed`
 */
export function resultOf({ direction, outcome, duration: seconds }) {
  const way = direction === "INBOUND" ? "Incoming" : "Outgoing";
  const result = outcome === "answered" && seconds !== null ? duration(seconds) : OUTCOMES[outcome];
  return `${way} · ${result}`;
}

/**
 * @param {LogRecord} record
 * @returns {number} epoch milliseconds, as well as it is known
 */
export function timeOf({ startTime, answerTime, endTime }) {
  return startTime ?? answerTime ?? endTime ?? 0;
}

/**
 * @param {number} time
 * @param {number} now
 * @returns {string} the clock for today, else the day
 */
export function showTime(time, now = Date.now()) {
  const same = new Date(time).toDateString() === new Date(now).toDateString();
  return same ? clock.format(time) : `${date.format(time)}, ${clock.format(time)}`;
}

/** @param {number} time */
export function showWholeTime(time) {
  return whole.format(time);
}
