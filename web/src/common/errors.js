/**
 * @import {ErrorFields} from "./protocol.d.ts"
 */

import { own } from "./own.js";

/**
 * The hints for errors that the page's script reports. All other hints come from Python.
 *
 * @type {Record<string, string>}
 */
const HINTS = {
  BAD_OPTIONS: "Pass { onMessage } and the options of the manual.",
  INSECURE_URL: "Use https:// and wss://. Only servers on this machine work without TLS.",
  LIMIT_REACHED: "Send less at once. The manual lists the limits.",
  BAD_ARGUMENT: "Pass text, numbers and plain objects only.",
  WORKER_FAILED:
    "Check that the server has every file of the bundle. The connector keeps trying.",
  WORKER_BLOCKED: "Change the Content-Security-Policy.",
  WORKER_DIED: "It restarts. Repeat the command.",
  DESTROYED: "Make a new Cti.Connector.",
};

/** `code` is stable and for programs, `message` says what happened, `hint` how to fix it. */
export class CtiError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {string} [hint]
   */
  constructor(code, message, hint) {
    super(message);
    this.name = "CtiError";
    this.code = code;
    this.hint = hint || own(HINTS, code) || "";
  }

  /**
   * @param {ErrorFields} fields as received over the port
   * @returns {CtiError}
   */
  static from({ code, message, hint }) {
    return new CtiError(code, message, hint);
  }
}

/**
 * Call the page's callback, if it is a function. If it throws, the console shows the exception and
 * nothing else stops. (`reportError` would count as an uncaught error of the page.)
 *
 * @param {unknown} callback
 * @param {unknown[]} args
 */
export function callSafely(callback, ...args) {
  if (typeof callback !== "function") return;
  try {
    callback(...args);
  } catch (error) {
    console.error(error);
  }
}

/** @returns {CtiError} */
export function destroyed() {
  return new CtiError("DESTROYED", "The connector was destroyed.");
}

/**
 * @param {unknown} error
 * @returns {string}
 */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
