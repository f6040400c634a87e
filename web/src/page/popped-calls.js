/**
 * The calls that have popped up in any page of the origin. No call pops up twice, even after a reload
 * that ends the worker.
 */

import { stringify } from "../common/json.js";

const KEY = "pycti:popped";

/** The number of calls that are remembered. */
const LIMIT = 50;

/** @type {string[]} used if there is no storage */
let memory = [];

/** @returns {string[]} ids of calls */
export function popped() {
  try {
    const known = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(known) ? [...known, ...memory].map(String) : memory;
  } catch {
    return memory;
  }
}

/** @param {string} id */
export function addPopped(id) {
  const known = [...popped(), id].slice(-LIMIT);
  try {
    localStorage.setItem(KEY, stringify(known));
  } catch {
    memory = known;
  }
}

export function forgetPopped() {
  memory = [];
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Storage is blocked, so there is nothing to remove.
  }
}
