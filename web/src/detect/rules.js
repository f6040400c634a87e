/**
 * Rules: which parts of the page are searched, and which texts form a line.
 */

/** Elements that have their own number, take input, or contain no running text. */
const SKIPPED = new Set(
  ("a area audio button canvas code datalist embed head iframe input kbd label math meter " +
    "noscript object option output pre progress samp script select style svg template textarea " +
    "time title var video").split(" "),
);

/** The same, selected by attributes. */
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

/** Elements that do not end a line of text. */
const INLINE = new Set(
  ("abbr b bdi bdo big cite data del dfn em font i ins mark q s small span strike strong sub sup " +
    "tt u wbr").split(" "),
);

/** Texts that can contain a number: six digits close together, or keypad letters. */
const CANDIDATE =
  /\p{Nd}(?:[\s\p{Pd}\p{Cf}\u2212().[\]/~]{0,4}\p{Nd}){5}|\d{3}\)?[ .-](?:\d{3}[ .-]?|[A-Z]{3}-?)[A-Z]{4}(?!\w)/u;

/** A label is short and is not a number. */
const LABEL_LENGTH = 40;

/**
 * @param {Element} element
 * @returns {boolean} whether its content is skipped
 */
export function isSkipped(element) {
  return (
    SKIPPED.has(element.localName) || (element.hasAttributes() && element.matches(ATTRIBUTES))
  );
}

/**
 * @param {Node} node
 * @returns {boolean} whether the node or an ancestor is skipped, also across shadow trees
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
 * @returns {Node} the element or shadow root that contains the node's lines
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
 * @returns {string} the text as shown, `""` if it is not a label
 */
export function asLabel(text) {
  const label = text.replace(/\s+/g, " ").trim();
  return label.length <= LABEL_LENGTH && !/\d{3}/.test(label) ? label : "";
}

/**
 * @param {Element | null} element
 * @returns {string} its text if the whole text is a label, otherwise `""`
 */
export function labelOf(element) {
  if (!element) return "";
  const texts = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let text = "";
  // Not `textContent`, which can be long.
  while (text.length <= 4 * LABEL_LENGTH) {
    const node = texts.nextNode();
    if (!node) return asLabel(text);
    text += node.nodeValue;
  }
  return "";
}
