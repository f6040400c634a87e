/**
 * What the server offers.
 *
 * @import {Feature} from "../common/protocol.d.ts"
 * @import {State} from "./state.js"
 */

/**
 * @param {State} state
 * @param {Feature} feature
 * @returns {boolean}
 */
export function offers({ features }, feature) {
  return features.includes(feature);
}

/**
 * @param {State} state
 * @returns {boolean} whether a call can be transferred, at once or after asking
 */
export function canTransfer(state) {
  return offers(state, "transfer") || offers(state, "consult");
}
