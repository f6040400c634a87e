/**
 * Removes text that looks like a secret from messages. (`pycti/common/redaction.py` does the same, and
 * also knows the secrets themselves.)
 */

const HIDDEN = "[hidden]";
const NAMES =
  "(?:sip_?)?password|passwd|(?:user_|access_|x-auth-)?token|(?:next|c)?nonce|opaque|response|" +
  "rspauth|api_?key|secret|(?:proxy-)?authorization";

/** @type {[RegExp, string][]} */
const PATTERNS = [
  [/\b(digest|basic|bearer)\s+[^\r\n]+/gi, `$1 ${HIDDEN}`],
  [
    new RegExp(`\\b(${NAMES})(["']?\\s*[=:]\\s*)("(?:[^"\\\\]|\\\\.)*"?|'[^']*'?|[^\\s,;&"']+)`, "gi"),
    `$1$2${HIDDEN}`,
  ],
  [/\b[0-9a-f]{32,}\b/gi, HIDDEN],
];

/**
 * @param {string} text
 * @returns {string}
 */
export function redact(text) {
  return PATTERNS.reduce((shown, [pattern, kept]) => shown.replace(pattern, kept), text);
}
