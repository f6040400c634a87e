/**
 * Turns numbers in text nodes into links, and back into text.
 *
 * A framework may keep a reference to a text node, and write to it, remove it, or insert nodes before
 * or after it. So the text node stays in its place, with the text before the first number. The links
 * and the remaining text follow it as nodes of our own. If the framework changes or removes the text
 * node, we remove our nodes.
 *
 * @import {Span} from "./batch.js"
 */

/**
 * @typedef Piece
 * @property {number} start in the node's text
 * @property {number} end
 * @property {Span} span the number
 * @property {HTMLAnchorElement | null} lead the link that begins the number, in an earlier node
 */

/**
 * @typedef Held
 * @property {string} whole the original text
 * @property {string} rest the part that is left in the node
 * @property {ChildNode[]} added
 */

/** Marks our links. */
const DETECTED = "data-cti-detected";
/** Contains the state of the call of a link. */
export const STATE = "data-cti-state";

/** Makes links, and can undo each. */
export class Links {
  /** @type {Map<Text, Held>} */
  #held = new Map();
  /** @type {WeakMap<Element, HTMLAnchorElement[]>} all parts of a number, for each of its parts */
  #parts = new WeakMap();

  /**
   * @param {Text} node
   * @param {Piece[]} pieces in order
   * @param {boolean} boxed the node's parent lays out each child as a box
   * @returns {HTMLAnchorElement[]} a link for each piece
   */
  wrap(node, pieces, boxed) {
    const whole = node.data;
    const links = [];
    /** @type {ChildNode[]} */
    const added = [];
    let rest = node;
    let offset = 0;
    if (boxed) rest = node.splitText(0);
    for (const { start, end, span, lead } of pieces) {
      const text = rest.splitText(start - offset);
      const tail = text.splitText(end - start);
      const link = node.ownerDocument.createElement("a");
      link.href = span.uri;
      link.setAttribute(DETECTED, "");
      text.replaceWith(link);
      link.append(text);
      if (rest !== node) keep(rest, added);
      added.push(link);
      links.push(link);
      if (lead) this.#join(lead, link);
      rest = tail;
      offset = end;
    }
    keep(rest, added);
    this.#held.set(node, { whole, rest: node.data, added: boxed ? [box(added)] : added });
    return links;
  }

  /**
   * @param {Node} node
   * @returns {boolean}
   */
  has(node) {
    return node instanceof Text && this.#held.has(node);
  }

  /**
   * Remove our nodes beside a text node if the page has changed or removed it.
   *
   * @param {Node} node
   * @returns {boolean} whether the page has changed or removed it
   */
  yield(node) {
    const held = node instanceof Text && this.#held.get(node);
    if (!held) return false;
    const stays = held.added.some((one) => one.parentNode === node.parentNode);
    if (node.data === held.rest && stays && node.parentNode) return false;
    this.#undo(/** @type {Text} */ (node), held);
    return true;
  }

  /** Release and restore text nodes that are no longer in the page. */
  sweep() {
    for (const [node, held] of this.#held) {
      if (!node.isConnected) this.#undo(node, held);
    }
  }

  /** @param {Node} root */
  undoWithin(root) {
    for (const [node, held] of this.#held) {
      if (root.contains(node)) this.#undo(node, held);
    }
  }

  undoAll() {
    for (const [node, held] of this.#held) this.#undo(node, held);
  }

  /**
   * Show the same state on all parts of one number.
   *
   * @param {Element} link whose state has changed
   */
  share(link) {
    const state = link.getAttribute(STATE);
    for (const part of this.#parts.get(link) ?? []) {
      if (part.getAttribute(STATE) === state) continue;
      if (state === null) part.removeAttribute(STATE);
      else part.setAttribute(STATE, state);
    }
  }

  /**
   * @param {EventTarget} target
   * @returns {HTMLAnchorElement | undefined} the first part of the number, if it is another element
   */
  leadOf(target) {
    const link = target instanceof Element && target.closest(`a[${DETECTED}]`);
    const lead = link ? this.#parts.get(link)?.[0] : undefined;
    return lead === link ? undefined : lead;
  }

  /**
   * Make only the first part of a number focusable. Screen readers read the whole number there.
   *
   * @param {HTMLAnchorElement} lead
   * @param {HTMLAnchorElement} link
   */
  #join(lead, link) {
    const parts = this.#parts.get(lead) ?? [lead];
    parts.push(link);
    for (const part of parts) this.#parts.set(part, parts);
    lead.setAttribute("aria-label", parts.map(({ textContent }) => textContent).join(" "));
    link.setAttribute("aria-hidden", "true");
    link.tabIndex = -1;
  }

  /**
   * @param {Text} node
   * @param {Held} held
   */
  #undo(node, { whole, rest, added }) {
    this.#held.delete(node);
    for (const one of added) one.remove();
    if (node.data === rest) node.data = whole;
  }
}

/**
 * Turn copies of our links into text, too. Pages make such copies with `innerHTML += …`.
 *
 * @param {ParentNode} root
 */
export function releaseCopies(root) {
  for (const link of root.querySelectorAll(`a[${DETECTED}]`)) {
    const parent = link.parentNode;
    link.replaceWith(...link.childNodes);
    parent?.normalize();
  }
}

/**
 * @param {Text} text
 * @param {ChildNode[]} added receives the text node, unless it is empty
 */
function keep(text, added) {
  if (text.data === "") text.remove();
  else added.push(text);
}

/**
 * Put nodes into one `span`. In a flex or grid container each child becomes a box, and text and links
 * must stay in one box.
 *
 * @param {ChildNode[]} nodes
 * @returns {HTMLSpanElement}
 */
function box(nodes) {
  const first = /** @type {ChildNode} */ (nodes[0]);
  const span = /** @type {Document} */ (first.ownerDocument).createElement("span");
  first.before(span);
  span.append(...nodes);
  return span;
}
