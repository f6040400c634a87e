/**
 * What an element has to call. Only what must be known at the moment of a click is decided here:
 * whether there is anything to call. Python reads the number (`pycti/numbers/reading.py`).
 */

/** The elements that a click may call from. */
export const NUMBER_SELECTOR = [
  "[data-cti-number]",
  ...["tel:", "callto:", "sip:", "sips:"].flatMap((scheme) => [
    `a[href^="${scheme}" i]`,
    `area[href^="${scheme}" i]`,
  ]),
].join(",");

/** Letters of a name in `callto:` and `sip:` make no number. */
const PLAIN = /^[\s/]*\+?[\d\s\p{Pd}().*#/]+$/u;
const KEYS = "22233344455566677778889999";
/** Digits that two ways of writing one number have in common. */
const COMMON = 6;

/**
 * @param {Element} element one that `NUMBER_SELECTOR` matches
 * @returns {string | null} as it stands there, or null where there is no number to call
 */
export function numberOf(element) {
  const given = element.getAttribute("data-cti-number");
  // Not checked: a mistake of the page's author shall be reported, not passed over.
  if (given !== null) return given.trim() || (element.textContent ?? "").trim() || null;
  const href = (element.getAttribute("href") ?? "").trim();
  const number = subscriber(href);
  if (!/\d/.test(number)) return null;
  // A service code of a mobile network, such as *1212#: the browser may know what to do with it.
  if (/^\s*[*#]/.test(number) && number.length > 5) return null;
  return /^tel:/i.test(href) || PLAIN.test(number) ? href : null;
}

/**
 * Whether a call to `known` is the one that `asked` stands for. Python may have read it in many
 * ways: a trunk 0 goes, a country's code comes, letters become digits.
 *
 * @param {string} known
 * @param {string} asked
 */
export function mayBe(known, asked) {
  const number = subscriber(asked).toUpperCase();
  const digits = number.replace(/[A-Z]/g, (letter) => KEYS[letter.charCodeAt(0) - 65] ?? "");
  const [left, right] = [known, digits].map((text) => text.replace(/[^\d*#]/g, ""));
  return left === right || (left.length > 5 && right.includes(left.slice(-COMMON)));
}

/**
 * @param {string} text a number, or a URI with one
 * @returns {string} without scheme and parameters; of a SIP URI, the user
 */
function subscriber(text) {
  const [, scheme = "", rest = text] = /^(?:(tel|callto|sips?):)(.*)$/is.exec(text) ?? [];
  // What is escaped in a URI are signs and blanks, "#" among them: no digit is.
  const uri = rest.replace(/%23/g, "#").replace(/%../g, " ");
  if (!/^sip/i.test(scheme)) return uri.split(/[;?]/, 1)[0] ?? "";
  return uri.includes("@") ? (uri.split(/[@:;]/, 1)[0] ?? "") : "";
}
