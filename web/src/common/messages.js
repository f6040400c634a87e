/**
 * Validates messages from a port before they are used: any script of the same origin can open a port
 * to the worker, too.
 */

import { own } from "./own.js";

/** The maximum length of a message in characters. `pycti/pages/limits.py` has the same number. */
export const LONGEST = 4_194_304;

/**
 * The fields that each type of worker message must have. The page relies on them.
 *
 * @type {Record<string, Record<string, (value: any) => boolean>>}
 */
const SHAPES = {
  progress: { stage: isText },
  warning: { message: isText },
  state: {
    uris: isTexts,
    nodes: isTexts,
    features: isTexts,
    params: isObject,
    problem: isProblem,
  },
  event: { event: isEvent },
  result: { id: Number.isInteger },
  refusal: { id: Number.isInteger, error: isError },
  detected: { id: Number.isInteger, found: Array.isArray },
  lookup: { id: Number.isInteger, number: isText, call: isCall },
  contact: { call: isCall, contact: isObject },
  pop: { call: isCall },
  presence: { node: isText, presence: isText },
  log: { record: isObject },
  failed: { error: isError },
};

/**
 * @param {unknown} data
 * @returns {any} the message, or null if it is not valid
 */
export function readMessage(data) {
  if (!isText(data)) return null;
  try {
    const message = JSON.parse(data);
    return isObject(message) && Object.hasOwn(message, "type") && isText(message.type) ? message : null;
  } catch {
    return null;
  }
}

/**
 * @param {unknown} data
 * @returns {import("./protocol.d.ts").WorkerMessage | null}
 */
export function readWorkerMessage(data) {
  const message = readMessage(data);
  const shape = message && (own(SHAPES, message.type) ?? {});
  if (!shape) return null;
  return Object.entries(shape).every(([name, fits]) => fits(own(message, name))) ? message : null;
}

/**
 * @param {unknown} value
 * @returns {value is string}
 */
function isText(value) {
  return typeof value === "string";
}

/** @param {unknown} value */
function isTexts(value) {
  return Array.isArray(value) && value.every(isText);
}

/** @param {unknown} value */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {any} value */
function isCall(value) {
  return isObject(value) && [value.id, value.cid, value.node, value.status].every(isText);
}

/** @param {any} value */
function isEvent(value) {
  return isObject(value) && isText(value.name) && (!("call" in value) || isCall(value.call));
}

/** @param {any} value */
function isProblem(value) {
  return value === undefined || value === null || isError(value);
}

/** @param {any} value */
function isError(value) {
  return isObject(value) && isText(value.code) && isText(value.message);
}
