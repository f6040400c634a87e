/**
 * What a Content-Security-Policy has blocked, and what to add to it.
 *
 * The page's script and the worker's both use this.
 */

import { CtiError } from "./errors.js";

/** Addresses that are no addresses, and the source expressions for them. */
const KEYWORDS = new Map([
  ["blob", "blob:"],
  ["data", "data:"],
  ["wasm-eval", "'wasm-unsafe-eval'"],
  ["trusted-types-policy", "pycti"],
]);

/**
 * @param {Event} event a `securitypolicyviolation`
 * @returns {string} the directive and the source that it lacks; `""` where nothing was blocked
 */
export function lacking(event) {
  const { blockedURI, disposition, effectiveDirective } =
    /** @type {SecurityPolicyViolationEvent} */ (event);
  if (disposition === "report") return "";
  const source = KEYWORDS.get(blockedURI) ?? origin(blockedURI);
  const directive = source === "pycti" ? "trusted-types" : effectiveDirective.replace("-elem", "");
  return source && `${directive} ${source}`;
}

/**
 * @param {string} url
 * @returns {string} what a policy calls its origin; `""` for what is not an address
 */
function origin(url) {
  try {
    const { origin, protocol } = new URL(url);
    if (protocol === "blob:" || protocol === "data:") return protocol;
    return origin === self.origin ? "'self'" : origin;
  } catch {
    return "";
  }
}

/**
 * @param {string[]} missing directives with a source; any one of them would do
 * @param {string} whose what the policy comes with
 * @returns {CtiError}
 */
export function blockedBy(missing, whose) {
  const first = missing[0]?.split(" ") ?? [];
  return new CtiError(
    "WORKER_BLOCKED",
    `The Content-Security-Policy of ${whose} lacks ${first[1]} in ${first[0]}.`,
    `Add to it: ${missing.join("; or: ")}`,
  );
}

/** Whose policy governs this worker: one without an address has that of the page that made it. */
export function owner() {
  return location.protocol.startsWith("http") ? location.href : "the page";
}
