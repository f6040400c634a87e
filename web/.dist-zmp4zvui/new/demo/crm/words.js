/**
 * What is said about calls of the log.
 *
 * @import {Call, LogRecord, Outcome} from "../../src/cti-connector.d.ts"
 */

import { duration } from "../words.js";
import { showNumber } from "./contacts.js";

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
  cancelled: "Given up",
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

/**
 * @param {{name: string, number: string}} party as a record or a call tells it
 * @returns {string}
 */
export function showParty({ name, number }) {
  const known = [name, showNumber(number)].find((text) => text && text !== "anonymous");
  return known ?? "Anonymous caller";
}

/**
 * @param {Call} call
 * @returns {string} what happens with it now
 */
export function stateOf({ status, direction }) {
  switch (status) {
    case "INITIAL":
      return "Your phone rings";
    case "ACCEPTED":
      return "Calling";
    case "RINGING":
      return direction === "INBOUND" ? "Incoming call" : "Ringing there";
    case "CONNECTED":
      return "Connected";
    case "ON_HOLD":
      return "On hold";
    default:
      return "Ended";
  }
}
