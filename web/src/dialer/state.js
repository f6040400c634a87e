/**
 * The dialer's state: one plain object, and one function that applies actions to it. This module uses
 * no DOM, no network and no clock.
 *
 * @import {ActivityEvent, Call, CtiEvent, Feature, Presence} from "../common/protocol.d.ts"
 * @import {Colleague} from "./colleagues.js"
 * @import {Recent} from "./recents.js"
 */

import { addRecent } from "./history.js";
import { settingsOf } from "./preferences.js";
import { hasEnded, isIncoming, isTalking, keyOf, partyIn } from "./calls.js";

/**
 * @typedef {"stopped" | "starting" | "logged-out" | "connecting" | "ready"} Status
 *
 * @typedef {"login" | "key" | "code" | "dial" | "pair" | "park" | "people" | "dnd" | `call ${string}`} Place the form of a command
 *
 * @typedef {{code: string, message: string}} Failure
 *
 * @typedef Outcome how the last call ended
 * @property {Call} call
 * @property {boolean} answered it was connected
 * @property {string} name of the other side, if it was known
 * @property {number | null} seconds how long it was connected
 *
 * @typedef State
 * @property {boolean} linked there is a connector
 * @property {Status} status
 * @property {boolean} usable READY has arrived, and the session has not ended since
 * @property {string} nonce for the second factor
 * @property {string} userId
 * @property {Call[]} calls the user's own that have not ended, the newest first
 * @property {Record<string, string>} contacts names from the page's lookup, by the call's key
 * @property {Colleague[]} colleagues
 * @property {Recent[]} recents the newest first
 * @property {Outcome | null} outcome
 * @property {Failure | null} notice an error that no command caused
 * @property {Partial<Record<Place, Failure>>} failures
 * @property {Place[]} pending commands under way
 * @property {Feature[]} features what the server offers
 * @property {string} transfer the call whose transfer form is open, or `""`
 * @property {string} keys the call whose keypad is open, or `""`
 * @property {Record<string, string>} digits the keys that were pressed, by the call's key
 * @property {{slot: string, name: string} | null} parked the call that was parked last
 * @property {boolean} dialing the number field is shown
 * @property {"keypad" | "people" | "recent"} tab
 * @property {Partial<Record<string, Presence>>} presences of the colleagues that are followed, by id
 * @property {string[]} favourites the ids of the favourite colleagues
 * @property {number} cleared when the user has cleared the list last, in epoch milliseconds
 * @property {number} seen when the recent calls were looked at last, in epoch milliseconds
 * @property {boolean} byKey log in by API key
 * @property {string[]} silenced calls that must not ring any more
 * @property {boolean} tone whether calls ring in this browser
 * @property {boolean} settings the settings are shown
 * @property {string} sound one of `SOUNDS`
 * @property {number} volume from 0 to 1
 * @property {string} output the id of the audio output, `""` for the default
 * @property {boolean} notify show calls outside this tab
 * @property {string} lang the language of the dialer, `""` for that of the page
 * @property {boolean} dnd the user has "do not disturb" switched on
 * @property {boolean} front this tab is the one that rings
 * @property {boolean} open whether the panel in the corner is open
 * @property {boolean} hidden the user has hidden the calls above the closed panel
 *
 * @typedef {{type: "event", event: CtiEvent, now: number}
 *   | {type: "status", status: Status, userId: string}
 *   | {type: "contact", call: Call, name: string}
 *   | {type: "sent", place: Place}
 *   | {type: "done" | "forgiven", place: Place}
 *   | {type: "failed", place: Place, error: Failure}
 *   | {type: "reset", keep: Partial<State>}
 *   | {type: "set", change: Partial<State>}} Action
 */

/** @type {Readonly<State>} */
export const START = Object.freeze({
  linked: false,
  status: "stopped",
  usable: false,
  nonce: "",
  userId: "",
  calls: [],
  contacts: {},
  colleagues: [],
  recents: [],
  outcome: null,
  notice: null,
  failures: {},
  pending: [],
  features: [],
  transfer: "",
  keys: "",
  digits: {},
  parked: null,
  dialing: true,
  tab: "keypad",
  presences: {},
  favourites: [],
  cleared: 0,
  seen: 0,
  byKey: false,
  silenced: [],
  tone: true,
  settings: false,
  sound: "1",
  volume: 1,
  output: "",
  notify: false,
  lang: "",
  dnd: false,
  front: false,
  open: false,
  hidden: false,
});

/**
 * @param {State} state
 * @param {Action} action
 * @returns {State} a new state, or the same if nothing has changed
 */
export function reduce(state, action) {
  switch (action.type) {
    case "event":
      return "call" in action.event
        ? onCall(state, action.event.call, action.now)
        : onActivity(state, action.event);
    case "status":
      return onStatus(state, action.status, action.userId);
    case "contact":
      return { ...state, contacts: { ...state.contacts, [keyOf(action.call)]: action.name } };
    case "sent":
      return { ...forgive(state, action.place), pending: [...state.pending, action.place] };
    case "done":
    case "forgiven":
      return forgive(state, action.place);
    case "failed":
      return onFailed(state, action.place, action.error);
    case "reset":
      return { ...START, ...action.keep };
    case "set":
      return { ...state, ...action.change };
  }
}

/**
 * @param {State} state
 * @param {Status} status
 * @param {string} userId
 * @returns {State}
 */
function onStatus(state, status, userId) {
  if (status === "logged-out") return { ...leave(state), status };
  return { ...state, status, userId, usable: state.usable || status === "ready" };
}

/**
 * Remove the user's data, and keep the settings of the dialer on the page.
 *
 * @param {State} state
 * @returns {State}
 */
function leave(state) {
  const { linked, status, nonce, failures, pending, notice, byKey, tone, front, open } = state;
  return {
    ...START,
    ...settingsOf(state),
    ...{ linked, status, nonce, failures, pending, notice, byKey, tone, front, open },
  };
}

/**
 * @param {State} state
 * @param {ActivityEvent} event
 * @returns {State}
 */
function onActivity(state, event) {
  const { code = "", message } = event;
  switch (event.name) {
    case "TWO_FACTOR_AUTH":
      return { ...state, nonce: event.nonce, notice: null };
    case "LOGGED_IN":
      return { ...state, nonce: "", notice: null };
    case "READY":
      return { ...state, notice: null };
    case "LOGGED_OUT":
      // The event has a code if no command caused it.
      return { ...leave(state), nonce: "", notice: code ? { code, message } : null };
    case "ERROR":
      // The result of the dialer's own commands is shown where they were given.
      if (state.pending.length > 0 && !code.startsWith("WORKER_")) return state;
      return { ...state, notice: { code, message } };
    default:
      return state;
  }
}

/**
 * Store the call of an event. It contains the whole call, so it replaces the one before.
 *
 * @param {State} state
 * @param {Call} call
 * @param {number} now epoch milliseconds
 * @returns {State}
 */
function onCall(state, call, now) {
  if (call.node !== `user:${state.userId}`) return state;
  const key = keyOf(call);
  const known = state.calls.some((other) => keyOf(other) === key);
  if (hasEnded(call)) return known ? onEnd(state, call, now) : state;
  if (known) {
    const calls = state.calls.map((other) => (keyOf(other) === key ? call : other));
    return { ...state, calls, dialing: state.dialing && !newlyBusy(state, calls) };
  }
  const calls = [call, ...state.calls];
  const dialing = state.dialing && !newlyBusy(state, calls);
  // The promise of `call` fulfils when the user picks up. The field does not wait for that.
  const rest = call.status === "INITIAL" ? forgive(state, "dial") : state;
  return { ...rest, calls, dialing, outcome: null, notice: null, hidden: false };
}

/**
 * @param {State} state
 * @param {Call} call
 * @param {number} now
 * @returns {State}
 */
function onEnd(state, call, now) {
  const key = keyOf(call);
  const calls = state.calls.filter((other) => keyOf(other) !== key);
  const talked = state.calls.some((other) => keyOf(other) === key && isTalking(other));
  const answered = talked || call.answerTime !== null;
  const seconds = call.answerTime === null ? null : Math.max(0, now - call.answerTime) / 1000;
  const { name } = partyIn(state, call);
  const { [key]: _, ...contacts } = state.contacts;
  const { [key]: __, ...digits } = state.digits;
  return {
    ...forgive(state, `call ${key}`),
    calls,
    contacts,
    outcome: { call, answered, name, seconds },
    recents: addRecent(state, call, now),
    transfer: state.transfer === key ? "" : state.transfer,
    keys: state.keys === key ? "" : state.keys,
    digits,
    silenced: state.silenced.filter((other) => other !== key),
    dialing: state.dialing || !calls.some(isEngaged),
  };
}

/**
 * Return whether to hide the number field: the user's first call begins or is answered.
 *
 * @param {State} state
 * @param {Call[]} calls
 * @returns {boolean}
 */
function newlyBusy(state, calls) {
  return calls.filter(isEngaged).length > state.calls.filter(isEngaged).length;
}

/** @param {Call} call */
function isEngaged(call) {
  return !isIncoming(call);
}

/**
 * @param {State} state
 * @param {Place} place
 * @param {Failure} error
 * @returns {State}
 */
function onFailed(state, place, { code, message }) {
  const forgiven = forgive(state, place);
  // The outcome of the call shows this error.
  if (code === "CALL_FAILED") return forgiven;
  return { ...forgiven, failures: { ...forgiven.failures, [place]: { code, message } } };
}

/**
 * @param {State} state
 * @param {Place} place
 * @returns {State} without a pending command or an error at that place
 */
function forgive(state, place) {
  const { [place]: _, ...failures } = state.failures;
  return { ...state, failures, pending: state.pending.filter((other) => other !== place) };
}
