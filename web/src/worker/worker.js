/**
 * The worker: starts Python once and carries texts between it and the pages. One file serves as
 * a dedicated and as a shared worker.
 *
 * @import {ColdCode} from "./cold-code.js"
 * @import {Stage, WorkerMessage} from "../common/protocol.d.ts"
 */

import { PythonBridge } from "./python-bridge.js";
import { CtiError } from "../common/errors.js";
import { Files } from "./files.js";
import { HeadStart } from "./head-start.js";
import { installer } from "./packages.js";
import { Pages } from "./pages.js";
import { blockedBy, lacking, owner } from "../common/policy.js";
import { redact } from "../common/redact.js";
import { startPython } from "./runtime.js";

/** @typedef {{close(): void, onconnect?: (event: MessageEvent) => void}} WorkerScope */

const scope = /** @type {WorkerScope} */ (/** @type {unknown} */ (globalThis));
const isShared = "SharedWorkerGlobalScope" in globalThis;

/** A request that failed waits so long for the reason, and a last word to be sent (milliseconds). */
const REASON = 300;

/** @type {Stage} */
let stage = "loading";
/** @type {WorkerMessage | null} why this worker has ended, or is about to */
let failure = null;
/** @type {[page: number, text: string][] | null} what pages said before Python was there */
let queue = [];
/** @type {ColdCode | undefined} loaded when the session is ready */
let cold;

const headStart = new HeadStart();

const pages = new Pages(
  (page, text) => {
    if (queue) {
      queue.push([page, text]);
      headStart.see(text);
    } else pass(page, text);
  },
  () => isShared && end(),
);
const border = new PythonBridge(
  (page, text) => pages.post(page, text),
  (url) => headStart.takeSocket(url),
  () => cold?.load().catch(() => {}),
);

if (isShared) {
  scope.onconnect = ({ ports }) => accept(ports);
} else {
  addEventListener("message", (event) => accept(/** @type {MessageEvent} */ (event).ports));
}

// Python can also die in a timer of its own, where nobody catches it; and where a file of the
// runtime does not arrive, loadPyodide never settles: its rejection is seen here alone.
addEventListener("error", (event) => endIfFatal(event, event.error));
addEventListener("unhandledrejection", (event) => endIfFatal(event, event.reason));

// The browser tells of a request that the policy blocks after it has failed, a busy one some time
// after.
const { fetch } = globalThis;
globalThis.fetch = (...request) =>
  (headStart.takeAnswer(...request) ?? fetch(...request)).catch(async (error) => {
    await new Promise((resolve) => setTimeout(resolve, REASON));
    throw error;
  });

// What the policy blocks is needed, and will be blocked the next time, too.
addEventListener("securitypolicyviolation", (event) => {
  const missing = lacking(event);
  if (missing) fail(blockedBy([missing], owner()));
});

start().catch(failToStart);

/** @param {readonly MessagePort[]} ports */
function accept([port]) {
  if (!port) return;
  pages.add(port, failure ?? { type: "progress", stage });
  if (failure) part();
}

/** @param {Stage} next */
function progress(next) {
  stage = next;
  pages.tell({ type: "progress", stage });
}

async function start() {
  const warn = (/** @type {string} */ message) => pages.tell({ type: "warning", message });
  const files = new Files(import.meta.url);
  const python = await startPython(files, { progress, warn });
  const { module } = python;
  cold = python.cold;
  // For the benchmark, and for whoever looks into a worker.
  Object.assign(globalThis, { ctiColdCode: cold });
  const install = installer(python, files);
  border.open(module.start((/** @type {string} */ items) => border.do(items), install));
  module.destroy();
  progress("ready");
  const waiting = queue ?? [];
  queue = null;
  for (const [page, text] of waiting) pass(page, text);
  headStart.end();
}

/**
 * @param {number} page
 * @param {string} text
 */
function pass(page, text) {
  try {
    border.enter("page", page, text);
  } catch (error) {
    fail(died(error));
  }
}

/** @param {unknown} error */
function failToStart(error) {
  const words = `Python could not be started: ${describe(error)}`;
  const known = error instanceof CtiError ? error : new CtiError("WORKER_FAILED", words);
  // Of an import, too, the browser may say later that it was the policy.
  setTimeout(() => fail(known), REASON);
}

/**
 * @param {Event} event
 * @param {unknown} error
 */
function endIfFatal(event, error) {
  const starting = stage !== "ready";
  if (!starting && !Object(error).pyodide_fatal_error) return;
  // It is told to the pages as an ERROR, so it is not uncaught.
  event.preventDefault();
  if (starting) failToStart(error);
  else fail(died(error));
}

/** @param {unknown} error */
function died(error) {
  return new CtiError("WORKER_DIED", `Python stopped: ${describe(error)}`);
}

/** @param {CtiError} error */
function fail({ code, message, hint }) {
  if (failure) return;
  failure = { type: "failed", error: { code, message, hint } };
  pages.tell(failure);
  border.close();
  // A start can fail before the first page is here to be told.
  if (pages.any) part();
}

/** What was said last is lost in Firefox where the worker closes at once. */
function part() {
  setTimeout(end, REASON);
}

function end() {
  pages.flush();
  scope.close();
  border.close();
}

/**
 * The last line of a Python traceback says it all; the lines before are of no use to a page.
 *
 * @param {unknown} error
 * @returns {string}
 */
function describe(error) {
  if (!(error instanceof Error)) return redact(String(error));
  const lines = error.message.trim().split("\n");
  return redact((error.name === "PythonError" ? lines.pop() : lines[0]) ?? "");
}
