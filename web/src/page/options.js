/**
 * Checks the options of `new Cti.Connector(options)` and adds the defaults.
 *
 * @import {ConnectorOptions, CtiEvent, Load, Persist, Pop, WorkerOptions} from "../common/protocol.d.ts"
 */

import { BUILD } from "../common/build-info.js";
import { CtiError } from "../common/errors.js";
import { stringify } from "../common/json.js";

/**
 * @typedef Settings
 * @property {(event: CtiEvent) => void} onMessage
 * @property {WorkerOptions} worker the options that Python needs
 * @property {Persist} persist
 * @property {Load} load
 * @property {boolean} shared
 * @property {string | undefined} workerUrl the page's own worker file, or `blob:`
 * @property {Pop} pop
 */

/** Host names of this machine, as `URL` normalises them. */
const LOOPBACK = /^(127(\.\d+){3}|\[::1\]|([a-z\d-]+\.)*localhost)$/;

const KNOWN = [
  "onMessage",
  "apiEndpoint",
  "sipServer",
  "defaultCountry",
  "persist",
  "load",
  "shared",
  "workerUrl",
  "pop",
];

/**
 * @param {unknown} given
 * @returns {Settings}
 * @throws {CtiError} BAD_OPTIONS
 */
export function readOptions(given) {
  const options = /** @type {Partial<ConnectorOptions>} */ (
    typeof given === "function" ? { onMessage: given } : given
  );
  if (typeof options !== "object" || options === null) bad("options must be an object");
  const { onMessage } = options;
  if (typeof onMessage !== "function") bad("onMessage must be a function");
  for (const name of Object.keys(options)) {
    if (!KNOWN.includes(name)) console.warn(`Cti: unknown option "${name}" is ignored.`);
  }
  return {
    onMessage,
    worker: {
      apiEndpoint: url("apiEndpoint", options.apiEndpoint, "http"),
      sipServer: urls("sipServer", options.sipServer, "ws"),
      defaultCountry: country(options.defaultCountry),
    },
    persist: choice("persist", options.persist, ["local", "session", "none"]),
    load: choice("load", options.load, ["eager", "idle", "interaction"]),
    shared: flag("shared", options.shared),
    workerUrl: ownWorker(options.workerUrl),
    pop: readPop(options.pop),
  };
}

/**
 * @param {unknown} value
 * @returns {Pop}
 * @throws {CtiError} BAD_OPTIONS
 */
export function readPop(value) {
  return choice("pop", value, ["active", "all", "none"]);
}

/**
 * @param {string} message
 * @returns {never}
 */
function bad(message) {
  throw new CtiError("BAD_OPTIONS", `${message}.`);
}

/**
 * Check an address. A path (`/api`) belongs to the page's own origin. Any other address must have a
 * scheme, so that a missing `https://` does not turn a host into a path. Without TLS, only servers of
 * this machine are allowed (`pycti/rest/addresses.py` has the same rule).
 *
 * @param {string} name
 * @param {unknown} value
 * @param {"http" | "ws"} scheme
 * @returns {string | undefined} without a slash at the end
 * @throws {CtiError} BAD_OPTIONS, INSECURE_URL
 */
function url(name, value, scheme) {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") bad(`${name} must be a string`);
  const { protocol, hostname, username, password, hash, href } = parse(value.trim(), scheme);
  if (protocol !== `${scheme}:` && protocol !== `${scheme}s:`) {
    bad(`${name} must begin with ${scheme}s://`);
  }
  if (username || password || hash) bad(`${name} must have neither a user nor a fragment`);
  if (protocol === `${scheme}:` && !LOOPBACK.test(hostname)) {
    throw new CtiError("INSECURE_URL", `${name}: ${scheme}:// is not encrypted.`);
  }
  return href.replace(/\/+$/, "");
}

/**
 * @param {string} text
 * @param {string} scheme
 * @returns {URL} with another scheme if the text is not a URL
 */
function parse(text, scheme) {
  try {
    if (text.startsWith("/")) text = new URL(text, location.href).href.replace(/^http/, scheme);
    return new URL(text);
  } catch {
    return new URL("about:blank");
  }
}

/**
 * @param {unknown} value
 * @returns {string | undefined}
 */
function ownWorker(value) {
  if (value === "blob:") return value;
  const found = url("workerUrl", value, "http");
  if (found && new URL(found).origin !== location.origin) bad("workerUrl must be on the page's own origin");
  return found;
}

/**
 * Check one address, or several that the connector tries in turn.
 *
 * @param {string} name
 * @param {unknown} value
 * @param {"ws"} scheme
 * @returns {string[] | undefined}
 */
function urls(name, value, scheme) {
  const found = [value].flat().map((one) => url(name, one, scheme));
  const known = found.filter((one) => one !== undefined);
  return known.length > 0 ? known : undefined;
}

/**
 * Check a value against a list of choices. The first choice is the default.
 *
 * @template {string} Choice
 * @param {string} name
 * @param {unknown} value
 * @param {[Choice, ...Choice[]]} choices
 * @returns {Choice}
 */
function choice(name, value, choices) {
  if (value === undefined || value === null) return choices[0];
  const found = choices.find((known) => known === value);
  return found ?? bad(`${name} must be one of ${choices.join(", ")}`);
}

/**
 * @param {unknown} value
 * @returns {string | undefined} in upper case
 */
function country(value) {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string" && /^[a-z]{2}$/i.test(value)) return value.toUpperCase();
  return bad("defaultCountry must be an ISO 3166 code of two letters");
}

/**
 * @param {string} name
 * @param {unknown} value
 * @returns {boolean} true unless the value is `false`
 */
function flag(name, value) {
  if (value === undefined || value === null) return true;
  return typeof value === "boolean" ? value : bad(`${name} must be true or false`);
}

/**
 * Return the worker's name. Two versions, or connectors for different servers, never share a worker.
 * Pages with different values of `persist` do not share one, either: a page must not store the token
 * of another page's login.
 *
 * @param {Settings} settings
 * @returns {string}
 */
export function workerName({ worker, persist }) {
  const { apiEndpoint, sipServer } = worker;
  const text = stringify([apiEndpoint, sipServer, persist]);
  // FNV-1a: short, and good enough to distinguish a few settings.
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return `pycti:${BUILD}:${(hash >>> 0).toString(36)}`;
}
