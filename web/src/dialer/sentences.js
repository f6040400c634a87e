/**
 * The texts about a call.
 *
 * @import {Call, CallStatus} from "../common/protocol.d.ts"
 * @import {State} from "./state.js"
 * @import {Vocabulary} from "./words.js"
 * @import {Words} from "./words/en.js"
 */

import { grouped } from "../common/grouped.js";
import { own } from "../common/own.js";
import { isIncoming, partyIn } from "./calls.js";
import { offers } from "./features.js";

/** @typedef {keyof Words} Key */

/** @type {Record<CallStatus, Key>} */
const STATES = {
  INITIAL: "initial",
  ACCEPTED: "accepted",
  RINGING: "ringing",
  CONNECTED: "connected",
  ON_HOLD: "onHold",
  HANGUP: "callEnded",
};

/** @type {Partial<Record<CallStatus, Key>>} */
const HINTS = { INITIAL: "initialHint", ACCEPTED: "acceptedHint", ON_HOLD: "onHoldHint" };

/** @type {Partial<Record<CallStatus, Key>>} */
const NEWS = {
  INITIAL: "sayInitial",
  ACCEPTED: "sayAccepted",
  RINGING: "sayRinging",
  CONNECTED: "sayConnected",
  ON_HOLD: "sayOnHold",
};

/** Most causes are the server's own texts. These are the connector's. */
const ENDS = /** @type {Record<string, Key>} */ ({
  "hung up on this side": "youHungUp",
  "hung up by the other side": "theyHungUp",
  transferred: "youTransferred",
});
const MISSED = /** @type {Record<string, Key>} */ ({
  rejected: "youDeclined",
  cancelled: "callGone",
});
const IN_VAIN = /** @type {Record<string, Key>} */ ({
  busy: "busy",
  "no answer": "noAnswer",
  rejected: "theyDeclined",
  unreachable: "unreachable",
  "not found": "notFound",
  cancelled: "youGaveUp",
});

/**
 * @param {Call} call
 * @returns {Key}
 */
export function stateKey(call) {
  return isIncoming(call) ? "incoming" : STATES[call.status];
}

/**
 * @param {Vocabulary} words
 * @param {State} state
 * @param {Call} call
 * @returns {string} what happens next, or what the user can do
 */
export function hintFor(words, state, { status }) {
  // The card has a button for it.
  if (status === "ON_HOLD" && offers(state, "hold")) return "";
  const key = HINTS[status];
  return key ? words.say(key) : "";
}

/**
 * @param {Vocabulary} words
 * @param {State} state
 * @param {Call} call
 * @returns {string} the best available name for the other side
 */
export function nameFor(words, state, call) {
  const { name, number } = partyIn(state, call);
  return name || grouped(number) || words.say("anonymous");
}

/**
 * @param {Vocabulary} words
 * @param {State} state
 * @param {Call} call
 * @returns {string} the announcement for screen readers
 */
export function newsOf(words, state, call) {
  const key = isIncoming(call) ? "sayIncoming" : NEWS[call.status];
  return key ? words.say(key, { name: nameFor(words, state, call) }) : "";
}

/**
 * @param {Vocabulary} words
 * @param {State} state
 * @returns {string} how the last call ended
 */
export function outcomeOf(words, state) {
  if (!state.outcome) return "";
  const { call, answered } = state.outcome;
  const name = state.outcome.name || nameFor(words, state, call);
  const cause = call.cause.replace(/\.$/, "");
  const inbound = call.direction === "INBOUND";
  if (answered) return words.say(own(ENDS, cause) ?? "callEnded", { name });
  if (inbound) return words.say(own(MISSED, cause) ?? "youMissed", { name });
  if (/no VoIP clients/i.test(cause)) return words.say("noPhone");
  return words.say(own(IN_VAIN, cause) ?? (cause ? "notCalledWhy" : "notCalled"), { name, cause });
}
