/**
 * Error texts for the user, chosen by the stable code, not by the English message.
 *
 * @import {Failure, Place} from "./state.js"
 * @import {Vocabulary} from "./words.js"
 * @import {Words} from "./words/en.js"
 */

import { own } from "../common/own.js";

/** @type {Record<string, keyof Words>} */
const WORDS = {
  NO_EMAIL: "noEmail",
  NO_PASSWORD: "noPassword",
  NO_KEY: "noKey",
  NO_CODE: "noCode",
  EMPTY_DESTINATION: "noNumber",
  BAD_NUMBER: "badNumber",
  BAD_EXTENSION: "badExtension",
  SELF_CALL: "ownNumber",
  UNKNOWN_CALL: "callOver",
  NOT_ALLOWED: "notNow",
  NOT_SUPPORTED: "notSupported",
  NOT_CONNECTED: "notConnected",
  ALREADY_LOGGED_IN: "otherUser",
  SESSION_EXPIRED: "expired",
  API_ERROR: "refused",
  SIP_ERROR: "refused",
  NETWORK_ERROR: "network",
  TIMEOUT: "timeout",
  WORKER_BLOCKED: "broken",
  WORKER_FAILED: "broken",
  WORKER_DIED: "restarted",
};

/** @type {Partial<Record<Place, keyof Words>>} */
const REFUSED_LOGINS = { login: "wrongPassword", key: "wrongKey", code: "wrongCode" };

/**
 * @param {Vocabulary} words
 * @param {Failure} failure
 * @param {Place} [place]
 * @returns {string}
 */
export function wordsFor(words, { code, message }, place) {
  if (code === "LOGIN_FAILED" && place) return words.say(REFUSED_LOGINS[place] ?? "expired");
  const transfer = place?.startsWith("call") && /^BAD_(NUMBER|EXTENSION)$/.test(code);
  return words.say(transfer ? "badTransfer" : (own(WORDS, code) ?? "failed"), { message });
}

/**
 * @param {Failure | undefined} failure
 * @returns {boolean} whether the user's input is the cause, and not the server or the network
 */
export function isInput(failure) {
  return /^(NO_(EMAIL|PASSWORD|KEY|CODE)|LOGIN_FAILED|EMPTY_DESTINATION|BAD_\w+|SELF_CALL)$/.test(failure?.code ?? "");
}
