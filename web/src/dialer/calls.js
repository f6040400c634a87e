/**
 * Facts about a call, from the point of view of the dialer's user.
 *
 * @import {Call} from "../common/protocol.d.ts"
 * @import {State} from "./state.js"
 */

import { own } from "../common/own.js";

/**
 * Return the call's key. A call that this connector started has a `requestId`, which never changes.
 *
 * @param {Call} call
 * @returns {string}
 */
export function keyOf({ requestId, id }) {
  return requestId || id;
}

/** @param {Call} call */
export function hasEnded({ status }) {
  return status === "HANGUP";
}

/** @param {Call} call */
export function isIncoming({ direction, status }) {
  return direction === "INBOUND" && status === "RINGING";
}

/** @param {Call} call */
export function isTalking({ status }) {
  return status === "CONNECTED" || status === "ON_HOLD";
}

/**
 * @param {Call} call
 * @returns {{name: string, number: string}} the other side, as the network reports it
 */
export function partyOf(call) {
  const inbound = call.direction === "INBOUND";
  const name = inbound ? call.sourceName : call.destinationName;
  const number = inbound ? call.source : call.destination;
  return {
    name: name === "anonymous <anonymous>" ? "" : name,
    number: number === "anonymous" ? "" : number,
  };
}

/**
 * Return the other side. The page's own name for a contact takes precedence over the network's.
 *
 * @param {State} state
 * @param {Call} call
 * @returns {{name: string, number: string}}
 */
export function partyIn({ contacts, colleagues }, call) {
  const { name, number } = partyOf(call);
  const colleague = colleagues.find(({ extension }) => extension === number);
  return { name: own(contacts, keyOf(call)) || name || colleague?.name || "", number };
}

/**
 * @param {State} state
 * @returns {Call | undefined} the newest call that rings here and has not been silenced
 */
export function ringingCall({ calls, silenced }) {
  return calls.find((call) => isIncoming(call) && !silenced.includes(keyOf(call)));
}
