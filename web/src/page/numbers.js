/**
 * Which number an element stands for. Only what must be known at the moment of a click is
 * decided here; whether the number is right is decided in Python.
 */

/** The elements that a click may call from. */
export const NUMBER_SELECTOR = [
  "[data-cti-number]",
  ...["tel:", "callto:", "sip:", "sips:"].flatMap((scheme) => [
    `a[href^="${scheme}" i]`,
    `area[href^="${scheme}" i]`,
  ]),
].join(",");

/** Visual separators (RFC 3966 §5.1.1), blanks and dashes of any script, invisible marks. */
const SEPARATORS = /[\s\p{Pd}\p{Cf}.()/]/gu;

/**
 * @param {Element} element one that `NUMBER_SELECTOR` matches
 * @returns {string | null} `"+…"`, an extension, or null where there is no number to call
 */
export function numberOf(element) {
  const given = element.getAttribute("data-cti-number");
  if (given !== null) {
    // Not checked: a mistake of the page's author shall be reported, not passed over.
    const text = given.trim() || element.textContent || "";
    return clean(text.split(/;|\bext|x/i, 1)[0] ?? "") || null;
  }
  const [, scheme = "", rest = ""] =
    /^\s*(tel|callto|sips?):(.*)$/is.exec(element.getAttribute("href") ?? "") ?? [];
  const uri = decode(rest);
  const number = scheme.toLowerCase().startsWith("sip") ? sipUser(uri) : telephone(uri);
  return /^\+?[\d*#]+$/.test(number) ? number : null;
}

/**
 * RFC 3966 §3: `+1-201-555-0123;ext=12` or `555-0123;phone-context=+1-201`. `callto:` has no
 * standard; it is written the same way, sometimes with slashes and a query.
 *
 * @param {string} uri without its scheme
 * @returns {string}
 */
function telephone(uri) {
  const [subscriber = "", ...parameters] = uri.replace(/\?.*$/s, "").split(";");
  // Not in the RFC but in use: what follows "," "p" or "w" is dialled after the answer.
  const number = clean(subscriber.split(/[,pw]/i, 1)[0] ?? "");
  const context = parameters.find((parameter) => /^phone-context=\s*\+/i.test(parameter));
  if (!context || number.startsWith("+")) return number;
  return clean(context.slice(context.indexOf("+"))) + number;
}

/**
 * RFC 3261 §19.1: `user:password@host;parameters?headers`; the user may be a telephone number.
 *
 * @param {string} uri without its scheme
 * @returns {string}
 */
function sipUser(uri) {
  const at = uri.indexOf("@");
  const user = at < 0 ? "" : uri.slice(0, at);
  return telephone(user.split(":", 1)[0] ?? "");
}

/**
 * @param {string} text
 * @returns {string}
 */
function clean(text) {
  return text.replace(SEPARATORS, "");
}

/**
 * @param {string} text
 * @returns {string} as it was where the percent-encoding is broken
 */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
