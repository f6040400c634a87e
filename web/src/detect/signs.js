/**
 * Collects the signs of the page's country, once for each document. It searches only the start and the
 * end of a long document. Python decides what the signs mean (`pycti/numbers/origin.py`).
 *
 * @import {PageSigns} from "../common/protocol.d.ts"
 */

/** The maximum number of signs of each kind. */
const MANY = 30;
/** The number of text nodes to search, from the start of the page and from its end. */
const FROM_TOP = 2_000;
const FROM_END = 500;
/** The maximum of characters in the text nodes from the start. */
const CHARACTERS = 200_000;
/** The maximum length of an address, and of a script with data (characters). */
const LONGEST = 600;
const LONGEST_DATA = 20_000;

const ADDRESSES =
  "address,footer,[itemprop~='address'],[itemtype$='/PostalAddress'],.adr,.vcard";
/** A possible postcode, with its town or in the form of one country. */
const POSTCODE =
  /(?:^|[\s,])(?:(?:[A-Z]{1,3}-)?\d{4,5}\s+\p{Lu}|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b|[A-Z]{2}\.? \d{5}\b)/u;
const NUMBER = /\+[\s(]{0,2}[1-9][\d\s()./\p{Pd}]{6,20}\d/gu;
const COUNTRY = /"addressCountry"\s*:\s*(?:\{[^{}]*?"name"\s*:\s*)?"([^"]{2,40})"/g;
const TELEPHONE = /"telephone"\s*:\s*"([^"]{7,30})"/g;

/** @type {WeakMap<Document, PageSigns>} */
const known = new WeakMap();

/**
 * @param {Document} page
 * @returns {PageSigns}
 */
export function signsOf(page) {
  let signs = known.get(page);
  if (!signs) known.set(page, (signs = gather(page)));
  return signs;
}

/**
 * @param {Document} page
 * @returns {PageSigns}
 */
function gather(page) {
  /** @type {Set<string>} */
  const numbers = new Set();
  /** @type {Set<string>} */
  const addresses = new Set();
  /** @type {Set<string>} */
  const countries = new Set();
  for (const element of some(page, ADDRESSES)) addresses.add(linesOf(element));
  for (const element of some(page, "[itemprop~='addressCountry']")) {
    countries.add(element.getAttribute("content") ?? linesOf(element));
  }
  for (const { textContent } of some(page, "script[type='application/ld+json']")) {
    const data = (textContent ?? "").slice(0, LONGEST_DATA);
    for (const [, country = ""] of data.matchAll(COUNTRY)) countries.add(country);
    for (const [, number = ""] of data.matchAll(TELEPHONE)) numbers.add(number);
  }
  for (const link of some(page, "a[href^='tel:+' i]")) {
    numbers.add((link.getAttribute("href") ?? "").slice(4, 40));
  }
  for (const text of texts(page)) {
    if (text.includes("+")) for (const [number] of text.matchAll(NUMBER)) numbers.add(number);
    const postcode = POSTCODE.exec(text);
    if (!postcode) continue;
    addresses.add(flat(text.slice(Math.max(0, postcode.index - 60), postcode.index + 100)));
  }
  return {
    language: page.documentElement.lang,
    alternates: alternatesOf(page),
    host: location.hostname,
    countries: first(countries),
    addresses: first(addresses),
    numbers: first(numbers),
  };
}

/**
 * @param {Document} page
 * @param {string} selector
 * @returns {Element[]}
 */
function some(page, selector) {
  return [...page.querySelectorAll(selector)].slice(0, MANY);
}

/**
 * @param {Set<string>} found
 * @returns {string[]}
 */
function first(found) {
  return [...found].slice(0, MANY);
}

/**
 * @param {Document} page
 * @returns {string[]} the languages of its alternate links that lead to the page itself
 */
function alternatesOf(page) {
  const canonical = page.querySelector("link[rel~='canonical' i]");
  const own = new Set([location.href, canonical?.getAttribute("href") ?? ""].map(addressOf));
  return some(page, "link[rel~='alternate' i][hreflang]")
    .filter((link) => own.has(addressOf(link.getAttribute("href") ?? "")))
    .map((link) => link.getAttribute("hreflang") ?? "");
}

/**
 * @param {string} href
 * @returns {string} the address without its fragment
 */
function addressOf(href) {
  try {
    return href && new URL(href, document.baseURI).href.replace(/#.*$/s, "");
  } catch {
    return "";
  }
}

/**
 * @param {Element} element
 * @returns {string} its text, one line for each node
 */
function linesOf(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let text = "";
  while (text.length < LONGEST && walker.nextNode()) {
    const line = flat(walker.currentNode.nodeValue ?? "");
    if (line) text += (text && "\n") + line;
  }
  return text.slice(0, LONGEST);
}

/**
 * @param {string} text
 * @returns {string} as it is shown
 */
function flat(text) {
  return text.replace(/\s+/g, " ").trim();
}

/**
 * @param {Document} page
 * @returns {Generator<string>} the texts of its start and of its end
 */
function* texts(page) {
  if (!page.body) return;
  const walker = document.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  let characters = 0;
  for (let count = 0; count < FROM_TOP && characters < CHARACTERS && walker.nextNode(); count++) {
    const text = (walker.currentNode.nodeValue ?? "").slice(0, LONGEST);
    characters += text.length;
    yield text;
  }
  const last = walker.currentNode;
  walker.currentNode = page.body;
  while (walker.currentNode.lastChild) walker.currentNode = walker.currentNode.lastChild;
  for (let count = 0; count < FROM_END && walker.currentNode !== last; count++) {
    yield (walker.currentNode.nodeValue ?? "").slice(0, LONGEST);
    if (!walker.previousNode()) return;
  }
}
