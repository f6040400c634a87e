/**
 * The ways to open the worker, and the order in which they are tried.
 *
 * @import {Opened, Request} from "./worker-port.js"
 * @import {Scripts} from "../common/protocol.d.ts"
 * @import {Settings} from "../page/options.js"
 */

import { lacking } from "../common/policy.js";
import { openDedicated, openRelay, openShared } from "./worker-port.js";

/** @typedef {(request: Request) => Opened | Promise<Opened>} Way */

/**
 * @typedef Place
 * @property {string} url the worker's script
 * @property {string} name
 * @property {Way[]} ways in the order of preference
 * @property {() => Promise<string>} diagnose returns the directive and the source that the last way lacks
 * @property {string} hint for a script that does not load for an unknown reason
 */

/**
 * A script of another origin cannot be the page's worker. The frame is tried first, because its worker
 * serves all pages, and it needs the fewest sources in the page's policy. But its requests come from
 * the other origin: if the API is on the page's origin, the worker should be there, too.
 *
 * @param {Settings} settings
 * @param {Scripts} scripts
 * @param {string} name
 * @returns {Place}
 */
export function placeOf({ worker, workerUrl, shared }, scripts, name) {
  const own = workerUrl && workerUrl !== "blob:";
  const url = own ? workerUrl : scripts.workerUrl;
  const remote = () => import(scripts.frameUrl);
  /** @type {Way} */
  const frame = async (request) => (await remote()).openFrame(shared, request);
  // Not `location.origin`, which does not show that the page is in a sandbox.
  const isHere = new URL(url).origin === self.origin;
  const isApiHere = worker.apiEndpoint?.startsWith(`${self.origin}/`);
  let ways = [frame, openRelay];
  if (isHere) ways = shared ? [openShared, openDedicated] : [openDedicated];
  else if (self.origin === "null" || workerUrl) ways = [openRelay];
  else if (isApiHere) ways.reverse();
  const diagnose = async () => (isHere ? "" : (await remote()).diagnose(url, openDedicated));
  const { origin } = new URL(scripts.workerUrl);
  const hint =
    isHere && origin !== self.origin
      ? `Check that ${url} is served, that worker-src ${origin} is in the page's ` +
        `Content-Security-Policy, and script-src ${origin} in the file's: what a worker imports ` +
        "counts, too."
      : "";
  return { url, name, ways, diagnose, hint };
}

/** Collects what the page's policy blocks while a worker is being opened. */
export class Forbidden {
  /** @type {Set<string>} directives, each with a source */
  missing = new Set();
  #stop = new AbortController();

  /** @param {string} url the worker's script */
  constructor(url) {
    const { origin } = new URL(url);
    const { signal } = this.#stop;
    const note = (/** @type {SecurityPolicyViolationEvent} */ event) => {
      const isOurs = event.blockedURI.startsWith(origin) || !event.blockedURI.includes(":");
      const one = lacking(event);
      if (isOurs && /^(worker|frame|script|connect|trusted)-/.test(one)) this.missing.add(one);
    };
    document.addEventListener("securitypolicyviolation", note, { signal });
  }

  stop() {
    this.#stop.abort();
  }
}
