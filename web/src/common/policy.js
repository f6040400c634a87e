/**
 * Describes what a Content-Security-Policy has blocked, and what to add to it.
 *
 * The page's script and the worker's both use this.
 */

import { CtiError } from "./errors.js";

/** Values of `blockedURI` that are not URLs, and the source expressions for them. */
const KEYWORDS = new Map([
  ["blob", "blob:"],
  ["data", "data:"],
  ["wasm-eval", "'wasm-unsafe-eval'"],
  ["trusted-types-policy", "pycti"],
]);

/**
 * @param {Event} event a `securitypolicyviolation`
 * @returns {string} the directive and the missing source; `""` if nothing was blocked
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
 * @returns {string} the source expression for its origin; `""` if it is not a URL
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
 * @param {string[]} missing directives, each with a source; adding any one of them is enough
 * @param {string} whose the file that the policy is sent with
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

/** The file whose policy applies to this worker. A worker without an address has the page's policy. */
export function owner() {
  return location.protocol.startsWith("http") ? location.href : "the page";
}
