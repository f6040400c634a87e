/**
 * When the runtime is loaded.
 *
 * @import {Load} from "../common/protocol.d.ts"
 */

import { NUMBER_SELECTOR } from "./numbers.js";

/** @typedef {() => void} Cancel */

/** Start when the browser is idle, at the latest this long after `load` (milliseconds). */
const IDLE_LIMIT = 2_000;

/**
 * Run `start` at the time that the option says: at once, when the page is loaded and idle, or when the
 * user's pointer or focus reaches a number.
 *
 * @param {Load} load
 * @param {() => void} start
 * @returns {Cancel}
 */
export function schedule(load, start) {
  if (load === "idle") return whenIdle(start);
  if (load === "interaction") return nearNumber(start);
  start();
  return () => {};
}

/**
 * @param {() => void} start
 * @returns {Cancel}
 */
function whenIdle(start) {
  const stop = new AbortController();
  const wait = () => {
    if (typeof requestIdleCallback === "function") {
      const handle = requestIdleCallback(start, { timeout: IDLE_LIMIT });
      stop.signal.addEventListener("abort", () => cancelIdleCallback(handle));
    } else {
      // Safari does not have requestIdleCallback.
      const handle = setTimeout(start, IDLE_LIMIT / 10);
      stop.signal.addEventListener("abort", () => clearTimeout(handle));
    }
  };
  if (document.readyState === "complete") wait();
  else addEventListener("load", wait, { once: true, signal: stop.signal });
  return () => stop.abort();
}

/**
 * @param {() => void} start
 * @returns {Cancel}
 */
function nearNumber(start) {
  const stop = new AbortController();
  /** @param {Event} event */
  const check = (event) => {
    const [target] = event.composedPath();
    if (!(target instanceof Element) || !target.closest(NUMBER_SELECTOR)) return;
    stop.abort();
    start();
  };
  for (const type of ["pointerover", "focusin", "touchstart"]) {
    document.addEventListener(type, check, { passive: true, signal: stop.signal });
  }
  return () => stop.abort();
}
