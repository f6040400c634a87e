/**
 * Two calls of the user at the same time: a consultation, or a second call that was answered.
 *
 * @import {Call} from "../common/protocol.d.ts"
 * @import {State} from "./state.js"
 */

import { isIncoming, isTalking, keyOf } from "./calls.js";

/**
 * @typedef Pair
 * @property {Call} first the call that existed first
 * @property {Call} second
 * @property {boolean} joined both sides have answered, so they can be connected
 * @property {boolean} asked the user has placed the second call, so they can give it up for the first
 */

/**
 * @param {State} state
 * @returns {Pair | null} `null` unless there are two calls, and one of them is on hold
 */
export function pairOf({ calls }) {
  const engaged = calls.filter((call) => !isIncoming(call));
  const [second, first] = engaged;
  if (!first || !second || engaged.length > 2) return null;
  if (!engaged.some(({ status }) => status === "ON_HOLD")) return null;
  const asked = second.direction === "OUTBOUND";
  return { first, second, joined: isTalking(first) && isTalking(second), asked };
}

/**
 * @param {State} state
 * @param {Call} call
 * @returns {boolean} whether it is one of the two calls
 */
export function isPaired(state, call) {
  const pair = pairOf(state);
  return pair !== null && [pair.first, pair.second].some((one) => keyOf(one) === keyOf(call));
}
