/**
 * Where numbers are looked for, and what belongs together.
 */

/** Elements that have a number of their own, take the user's input, or hold no running text. */
const SKIPPED = new Set(
  ("a area audio button canvas code datalist embed head iframe input kbd label math meter " +
    "noscript object option output pre progress samp script select style svg template textarea " +
    "time title var video").split(" "),
);

/** The same by attributes. */
const ROLES = (
  "button checkbox combobox link menuitem option radio searchbox slider spinbutton switch tab " +
  "textbox"
).split(" ");
const ATTRIBUTES = [
  "[data-cti-ignore]",
  "[data-cti-number]",
  "[contenteditable]:not([contenteditable='false' i])",
  "[aria-hidden='true']",
  ...ROLES.map((role) => `[role='${role}']`),
].join(",");

/** Elements within a line of text. */
const INLINE = new Set(
  ("abbr b bdi bdo big cite data del dfn em font i ins mark q s small span strike strong sub sup " +
    "tt u wbr").split(" "),
);

/** What can hold a number: six digits with little between them, or the letters of a keypad. */
const CANDIDATE =
  /\p{Nd}(?:[\s\p{Pd}\p{Cf}\u2212().[\]/~]{0,4}\p{Nd}){5}|\d{3}\)?[ .-](?:\d{3}[ .-]?|[A-Z]{3}-?)[A-Z]{4}(?!\w)/u;

/** A label is short, and no number. */
const LABEL_LENGTH = 40;

/**
 * @param {Element} element
 * @returns {boolean} whether nothing in it is looked at
 */
export function isSkipped(element) {
  return (
    SKIPPED.has(element.localName) || (element.hasAttributes() && element.matches(ATTRIBUTES))
  );
}

/**
 * @param {Node} node
 * @returns {boolean} whether it, or what it lies in, is skipped; also across shadow trees
 */
export function isWithinSkipped(node) {
  /** @type {Node | null} */
  let at = node;
  while (at) {
    if (at instanceof Element && isSkipped(at)) return true;
    at = at instanceof ShadowRoot ? at.host : at.parentNode;
  }
  return false;
}

/**
 * @param {Text} node
 * @returns {string} the country that the innermost element around it names, also across shadow trees
 */
export function countryOf(node) {
  /** @type {Element | null} */
  let at = node.parentElement;
  let root = node.getRootNode();
  for (;;) {
    const country = at?.closest("[data-cti-country]")?.getAttribute("data-cti-country");
    if (country || !(root instanceof ShadowRoot)) return country ?? "";
    at = root.host;
    root = at.getRootNode();
  }
}

/**
 * @param {Element} element
 * @returns {boolean}
 */
export function isInline({ localName }) {
  return INLINE.has(localName);
}

/**
 * @param {Node} node
 * @returns {Node} the element or shadow root whose lines the node is a part of
 */
export function blockOf(node) {
  let at = node instanceof Text ? node.parentNode : node;
  while (at instanceof Element && isInline(at) && at.parentNode) at = at.parentNode;
  return at ?? node;
}

/**
 * @param {string} text
 * @returns {boolean}
 */
export function mayHoldNumber(text) {
  return CANDIDATE.test(text);
}

/**
 * @param {string} text
 * @returns {string} as it is shown, `""` where it is no label
 */
export function asLabel(text) {
  const label = text.replace(/\s+/g, " ").trim();
  return label.length <= LABEL_LENGTH && !/\d{3}/.test(label) ? label : "";
}

/**
 * @param {Element | null} element
 * @returns {string} the label that all of its text is, or `""`
 */
export function labelOf(element) {
  if (!element) return "";
  const texts = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let text = "";
  // Not `textContent`: it may be a long one.
  while (text.length <= 4 * LABEL_LENGTH) {
    const node = texts.nextNode();
    if (!node) return asLabel(text);
    text += node.nodeValue;
  }
  return "";
}
