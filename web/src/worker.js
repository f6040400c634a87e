/**
 * The worker: starts Python once and carries texts between it and the pages. One file serves as
 * a dedicated and as a shared worker.
 *
 * @import {Stage, WorkerMessage} from "./protocol.d.ts"
 */

import { Border } from "./border.js";
import { Files } from "./files.js";
import { installer } from "./packages.js";
import { Pages } from "./pages.js";
import { startPython } from "./runtime.js";

/** @typedef {{close(): void, onconnect?: (event: MessageEvent) => void}} WorkerScope */

const scope = /** @type {WorkerScope} */ (/** @type {unknown} */ (globalThis));
const isShared = "SharedWorkerGlobalScope" in globalThis;

/** @type {Stage} */
let stage = "loading";
/** @type {WorkerMessage | null} why this worker has ended, or is about to */
let failure = null;
/** @type {[page: number, text: string][] | null} what pages said before Python was there */
let queue = [];

const pages = new Pages(
  (page, text) => {
    if (queue) queue.push([page, text]);
    else pass(page, text);
  },
  () => isShared && end(),
);
const border = new Border((page, text) => pages.post(page, text));

if (isShared) {
  scope.onconnect = ({ ports }) => accept(ports);
} else {
  addEventListener("message", (event) => accept(/** @type {MessageEvent} */ (event).ports));
}

// Python can also die in a timer of its own, where nobody catches it; and where a file of the
// runtime does not arrive, loadPyodide never settles: its rejection is seen here alone.
addEventListener("error", (event) => endIfFatal(event, event.error));
addEventListener("unhandledrejection", (event) => endIfFatal(event, event.reason));

start().catch(failToStart);

/** @param {readonly MessagePort[]} ports */
function accept([port]) {
  if (!port) return;
  pages.add(port, failure ?? { type: "progress", stage });
  if (failure) end();
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
  const install = installer(python, files);
  border.open(module.start((/** @type {string} */ items) => border.do(items), install));
  module.destroy();
  progress("ready");
  const waiting = queue ?? [];
  queue = null;
  for (const [page, text] of waiting) pass(page, text);
}

/**
 * @param {number} page
 * @param {string} text
 */
function pass(page, text) {
  try {
    border.enter("page", page, text);
  } catch (error) {
    fail("WORKER_DIED", `Python stopped: ${describe(error)}`);
  }
}

/** @param {unknown} error */
function failToStart(error) {
  fail("WORKER_FAILED", `Python could not be started: ${describe(error)}`);
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
  else fail("WORKER_DIED", `Python stopped: ${describe(error)}`);
}

/**
 * @param {string} code
 * @param {string} message
 */
function fail(code, message) {
  if (failure) return;
  failure = { type: "failed", error: { code, message } };
  pages.tell(failure);
  // A start can fail before the first page is here to be told.
  if (pages.any) end();
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
  if (!(error instanceof Error)) return String(error);
  const lines = error.message.trim().split("\n");
  return (error.name === "PythonError" ? lines.pop() : lines[0]) ?? "";
}
