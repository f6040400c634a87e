/**
 * The constants of the public interface, and the waiting times of the shim.
 *
 * @import {Method, Timing} from "../common/protocol.d.ts"
 */

/**
 * Make constants whose value is their own name.
 *
 * @template {string} Name
 * @param {Name[]} names
 * @returns {{readonly [Key in Name]: Key}}
 */
function namesOf(...names) {
  const entries = names.map((name) => [name, name]);
  return Object.freeze(Object.fromEntries(entries));
}

/** @type {Exclude<Method, "apiRequest">[]} */
export const COMMANDS = /** @type {any} */ (
  "login twoFactorAuth logout answer call terminate transfer hold resume alternate sendDigits consult " +
    "completeTransfer deflect pickup park unpark setDoNotDisturb presence history subscribe unsubscribe note"
).split(" ");

const STATES = /** @type {const} */ ([
  "INITIAL",
  "ACCEPTED",
  "RINGING",
  "CONNECTED",
  "ON_HOLD",
  "HANGUP",
]);

export const EVENT = namesOf(
  "LOGGED_IN",
  "TWO_FACTOR_AUTH",
  "LOGGED_OUT",
  "READY",
  "SUBSCRIBED",
  ...STATES,
  "CANCEL",
  "INFO",
  "ERROR",
);

export const CALL_STATUS = namesOf(...STATES);

export const DIRECTION = Object.freeze({ IN: "INBOUND", OUT: "OUTBOUND" });

/** @type {Readonly<Timing>} */
export const TIMING = Object.freeze({
  ping: 5_000,
  silence: 10_000,
  boot: 60_000,
  late: 5_000,
  retry: 1_000,
  retryMax: 30_000,
  stale: 60_000,
  linger: 5_000,
  yield: 500,
  yieldHidden: 1_000,
});

/**
 * Write to the console, with a prefix that identifies the connector.
 *
 * @param {unknown} value
 */
export function log(value) {
  if (typeof value === "object" && value !== null) console.log("Cti:", value);
  else console.log(`Cti: ${String(value)}`);
}
