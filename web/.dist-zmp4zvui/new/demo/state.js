/**
 * What the page knows: one plain object, and one function that takes the connector's events.
 * No DOM and no network here, so this is the part to read first.
 *
 * @import {ActivityEvent, Call, CtiEvent, Status} from "../src/common/protocol.d.ts"
 * @import {Colleague} from "./colleagues.js"
 */

const { CALL_STATUS, DIRECTION, EVENT } = Cti;

/**
 * off: nobody is logged in; starting: a login is under way; code: the second factor is asked for;
 * connecting: logged in, not yet READY; lost: was READY, and is being restored.
 *
 * @typedef {"off" | "starting" | "code" | "connecting" | "ready" | "lost"} Connection
 *
 * @typedef {"login" | "ready" | "outbound" | "inbound" | "connected"} Step
 *
 * @typedef Notice an ERROR or INFO that has not been dismissed
 * @property {number} number
 * @property {"ERROR" | "INFO"} kind
 * @property {string} code
 * @property {string} message
 * @property {string} hint
 *
 * @typedef Outcome how the last own call ended
 * @property {Call} call
 * @property {boolean} answered it was connected
 * @property {number | null} seconds how long it was connected
 *
 * @typedef State
 * @property {Connection} connection
 * @property {string} nonce for the second factor
 * @property {string} userId `""` while nobody is logged in
 * @property {string[]} uris what `getSubscriptionURIs()` says
 * @property {Call[]} calls every call that has not ended, of every node
 * @property {Outcome | null} outcome
 * @property {Notice[]} notices
 * @property {Colleague[]} colleagues
 */

const MOST_NOTICES = 3;

let lastNotice = 0;

/** @type {Readonly<State>} */
export const INITIAL_STATE = Object.freeze({
  connection: "off",
  nonce: "",
  userId: "",
  uris: [],
  calls: [],
  outcome: null,
  notices: [],
  colleagues: [],
});

/**
 * @param {State} state
 * @param {CtiEvent} event
 * @param {number} now epoch milliseconds
 * @returns {State} a new one
 */
export function reduce(state, event, now) {
  return "call" in event ? onCall(state, event.call, now) : onActivity(state, event);
}

/**
 * @param {State} state
 * @param {ActivityEvent} event
 * @returns {State}
 */
function onActivity(state, event) {
  switch (event.name) {
    case EVENT.LOGGED_IN:
      // After a lost connection this comes again: the page stays as it is until READY.
      if (state.connection === "lost") return state;
      return { ...state, nonce: "", connection: "connecting" };
    case EVENT.TWO_FACTOR_AUTH:
      return { ...state, connection: "code", nonce: event.nonce ?? "", notices: [] };
    case EVENT.READY:
      return { ...state, connection: "ready", notices: [] };
    case EVENT.LOGGED_OUT:
      // With a code when nobody asked for it: the session has expired.
      return { ...INITIAL_STATE, notices: event.code ? [notice("INFO", event)] : [] };
    case EVENT.INFO:
      return {
        ...state,
        notices: addNotice(state, notice("INFO", event)),
      };
    case EVENT.ERROR:
      return {
        ...state,
        notices: addNotice(state, notice("ERROR", event)),
      };
    default:
      return state;
  }
}

/**
 * What the connector says of itself beside the events. READY, and LOGGED_OUT, are events.
 *
 * @param {State} state
 * @param {Status} status
 * @returns {State} the same where nothing has changed
 */
export function onStatus(state, status) {
  const lost = state.connection === "ready" && status !== "ready" && status !== "logged-out";
  return lost ? { ...state, connection: "lost" } : state;
}

/**
 * A call event carries the whole call, so the newest word simply replaces the one before.
 *
 * @param {State} state
 * @param {Call} call
 * @param {number} now
 * @returns {State}
 */
function onCall(state, call, now) {
  const key = keyOf(call);
  const before = state.calls.find((known) => keyOf(known) === key);
  const rest = state.calls.filter((known) => known !== before);
  if (hasEnded(call)) {
    const seconds = call.answerTime === null ? null : Math.max(0, now - call.answerTime) / 1000;
    const answered = call.answerTime !== null || (before !== undefined && isTalking(before));
    const outcome = isOwn(state, call) ? { call, answered, seconds } : state.outcome;
    return { ...state, calls: rest, outcome };
  }
  const known = before !== undefined;
  const calls = known
    ? state.calls.map((other) => (other === before ? call : other))
    : [...state.calls, call];
  // A call that is on its way shows that what went wrong before is over.
  const notices = call.status === CALL_STATUS.INITIAL ? [] : state.notices;
  const outcome = !known && isOwn(state, call) ? null : state.outcome;
  return { ...state, calls, notices, outcome };
}

/**
 * A call that this connector started has a `requestId`, which never changes.
 *
 * @param {Call} call
 */
export function keyOf({ node, requestId, id }) {
  return `${node} ${requestId || id}`;
}

/** @param {Call} call */
export function hasEnded({ status }) {
  return status === CALL_STATUS.HANGUP;
}

/** @param {Call} call */
export function isTalking({ status }) {
  return status === CALL_STATUS.CONNECTED || status === CALL_STATUS.ON_HOLD;
}

/** @param {Call} call */
export function isIncoming({ direction, status }) {
  return direction === DIRECTION.IN && status === CALL_STATUS.RINGING;
}

/**
 * `node` tells the user's own calls from those that are only watched.
 *
 * @param {State} state
 * @param {Call} call
 */
export function isOwn({ userId }, call) {
  return call.node === `user:${userId}`;
}

/**
 * @param {State} state
 * @returns {Call[]} the newest first
 */
export function ownCalls(state) {
  return state.calls.filter((call) => isOwn(state, call)).reverse();
}

/**
 * @param {State} state
 * @returns {Call[]} calls of other nodes that are still followed
 */
export function watchedCalls(state) {
  const nodes = new Set(state.uris.map(nodeOf));
  return state.calls.filter((call) => !isOwn(state, call) && nodes.has(call.node));
}

/**
 * @param {string} uri such as `10002@pbx.example` or `queue:77@pbx.example`
 * @returns {string} what `unsubscribe` takes
 */
export function nodeOf(uri) {
  const name = uri.slice(0, uri.lastIndexOf("@"));
  return name.includes(":") ? name : `user:${name}`;
}

/**
 * @param {State} state
 * @returns {boolean} whether the telephone is shown, and not the login
 */
export function isUsable({ connection }) {
  return connection === "ready" || connection === "lost";
}

/**
 * @param {State} state
 * @returns {Set<Step>} several where there are several calls
 */
export function stepsOf(state) {
  if (!isUsable(state)) return new Set(/** @type {Step[]} */ (["login"]));
  const steps = ownCalls(state).map(stepOf);
  return new Set(steps.length ? steps : /** @type {Step[]} */ (["ready"]));
}

/**
 * @param {Call} call
 * @returns {Step}
 */
function stepOf(call) {
  if (isIncoming(call)) return "inbound";
  return isTalking(call) ? "connected" : "outbound";
}

/**
 * @param {"ERROR" | "INFO"} kind
 * @param {ActivityEvent} event
 * @returns {Notice}
 */
function notice(kind, { code = "", message, hint = "" }) {
  lastNotice += 1;
  return { number: lastNotice, kind, code, message, hint };
}

/**
 * @param {State} state
 * @param {Notice} added
 * @returns {Notice[]} newest first, and one of each code
 */
function addNotice({ notices }, added) {
  return [added, ...notices.filter(({ code }) => code !== added.code)].slice(0, MOST_NOTICES);
}
