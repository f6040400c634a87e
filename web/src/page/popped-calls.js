/**
 * Which calls have popped up in any page of the origin: none does so twice, also not after a
 * reload that takes the worker with it.
 */

import { stringify } from "../common/json.js";

const KEY = "pycti:popped";

/** So many are remembered. */
const LIMIT = 50;

/** @type {string[]} where there is no storage */
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
    // There is nothing to forget.
  }
}
