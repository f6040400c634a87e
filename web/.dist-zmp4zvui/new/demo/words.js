/**
 * Everything that is said about a call, in plain words.
 *
 * @import {Call, CallStatus} from "../src/common/protocol.d.ts"
 * @import {Outcome} from "./state.js"
 */

const { DIRECTION, EVENT } = Cti;

/**
 * @param {Call} call
 * @returns {{name: string, number: string}} the other side
 */
export function partyOf(call) {
  const inbound = call.direction === DIRECTION.IN;
  const name = inbound ? call.sourceName : call.destinationName;
  const number = inbound ? call.source : call.destination;
  return { name: known(name), number: number === "anonymous" ? "" : number };
}

/**
 * @param {string} name as a call tells it
 * @returns {string} `""` where the caller withholds it
 */
export function known(name) {
  return name === "anonymous <anonymous>" ? "" : name;
}

/**
 * @param {Call} call
 * @returns {string} the best there is to call the other side
 */
export function nameOf(call) {
  const { name, number } = partyOf(call);
  return name || number || "Anonymous caller";
}

/**
 * @param {Call} call
 * @returns {string}
 */
export function stateOf(call) {
  if (call.status === EVENT.RINGING) {
    return call.direction === DIRECTION.IN ? "Incoming call" : "Ringing there";
  }
  /** @type {Partial<Record<CallStatus, string>>} */
  const texts = {
    INITIAL: "Your phone is ringing",
    ACCEPTED: "You have picked up",
    CONNECTED: "Connected",
    ON_HOLD: "On hold",
  };
  return texts[call.status] ?? call.status;
}

/**
 * @param {Call} call
 * @returns {string} what happens next, or what to do
 */
export function tipOf(call) {
  if (call.status === EVENT.INITIAL) return "Pick it up, and the other side is called.";
  if (call.status === EVENT.ACCEPTED) return "The other side is being called.";
  if (call.status === EVENT.ON_HOLD) return "Take it off hold at either phone.";
  return "";
}

/**
 * @param {Call} call one that runs
 * @returns {string} for those who do not see the page
 */
export function announcementOf(call) {
  const name = nameOf(call);
  if (call.status === EVENT.INITIAL) return `Your phone is ringing. Pick it up to call ${name}.`;
  if (call.status === EVENT.ACCEPTED) return `${name} is being called.`;
  if (call.status === EVENT.ON_HOLD) return `The call with ${name} is on hold.`;
  if (call.status === EVENT.CONNECTED) return `Connected with ${name}.`;
  return call.direction === DIRECTION.IN ? `${name} is calling.` : `It rings at ${name}.`;
}

/**
 * @param {Outcome} outcome
 * @returns {string}
 */
export function outcomeOf({ call, answered }) {
  const name = nameOf(call);
  if (answered) return ended(call.cause, name);
  return call.direction === DIRECTION.IN ? missed(call.cause, name) : notMade(call.cause, name);
}

/**
 * @param {string} cause
 * @param {string} name
 */
function ended(cause, name) {
  switch (cause) {
    case "hung up on this side":
      return `You hung up the call with ${name}.`;
    case "hung up by the other side":
      return `${name} hung up.`;
    case "transferred":
      return `You transferred the call with ${name}.`;
    default:
      return `The call with ${name} has ended${cause ? `: ${cause}` : ""}.`;
  }
}

/**
 * @param {string} cause
 * @param {string} name
 */
function missed(cause, name) {
  switch (cause) {
    case "rejected":
      return `You declined the call of ${name}.`;
    case "cancelled":
      return `${name} gave up, or somebody else answered.`;
    default:
      return `You missed a call of ${name}.`;
  }
}

/**
 * @param {string} cause
 * @param {string} name
 */
function notMade(cause, name) {
  switch (cause) {
    case "busy":
      return `${name} is busy.`;
    case "no answer":
      return `${name} did not answer.`;
    case "rejected":
      return `${name} declined the call.`;
    case "unreachable":
      return `${name} cannot be reached.`;
    case "not found":
      return `${name} does not exist.`;
    case "cancelled":
      return `You gave up calling ${name}.`;
    default:
      return `${name} could not be called${cause ? `: ${cause.replace(/\.$/, "")}` : ""}.`;
  }
}

/**
 * @param {number} seconds
 * @returns {string} such as `0:07`, `12:34` or `1:02:03`
 */
export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  const rest = two(whole % 60);
  return hours ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/**
 * @param {Call} call
 * @param {number} now epoch milliseconds
 * @returns {string} how long the two have been talking, `""` where that is not known
 */
export function talkTime({ status, answerTime }, now) {
  const talking = status === EVENT.CONNECTED || status === EVENT.ON_HOLD;
  return talking && answerTime !== null ? duration((now - answerTime) / 1000) : "";
}
