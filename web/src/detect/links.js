/**
 * Numbers in text nodes become links, and text again.
 *
 * A text node may be held by a framework, which will write to it, remove it, or put something
 * before or after it. So it stays where it is, with the text before the first number; the links
 * and the rest follow it as nodes of our own. When its text is changed, or it is removed, ours go.
 *
 * @import {Span} from "./batch.js"
 */

/**
 * @typedef Piece
 * @property {number} start in the node's text
 * @property {number} end
 * @property {Span} span the number
 * @property {HTMLAnchorElement | null} lead the link that begins the number, in a node before
 */

/**
 * @typedef Held
 * @property {string} whole the text as it was
 * @property {string} rest what is left of it
 * @property {ChildNode[]} added
 */

/** Marks the links that are ours. */
const DETECTED = "data-cti-detected";
/** Holds the state of the call of a link. */
export const STATE = "data-cti-state";

/** Makes links, and knows how to undo each. */
export class Links {
  /** @type {Map<Text, Held>} */
  #held = new Map();
  /** @type {WeakMap<Element, HTMLAnchorElement[]>} the parts of a number, by each of them */
  #parts = new WeakMap();

  /**
   * @param {Text} node
   * @param {Piece[]} pieces in order
   * @param {boolean} boxed the node's parent makes a box of each child
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
   * Withdraw from a node that the page has changed or removed.
   *
   * @param {Node} node
   * @returns {boolean} whether that was so
   */
  yield(node) {
    const held = node instanceof Text && this.#held.get(node);
    if (!held) return false;
    const stays = held.added.some((one) => one.parentNode === node.parentNode);
    if (node.data === held.rest && stays && node.parentNode) return false;
    this.#undo(/** @type {Text} */ (node), held);
    return true;
  }

  /** Let go of what is no longer in the page; it is as it was. */
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
   * The parts of one number show one state.
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
   * @returns {HTMLAnchorElement | undefined} the first part of the number, where it is another
   */
  leadOf(target) {
    const link = target instanceof Element && target.closest(`a[${DETECTED}]`);
    const lead = link ? this.#parts.get(link)?.[0] : undefined;
    return lead === link ? undefined : lead;
  }

  /**
   * Only the first part of a number is reached and read out, as the whole.
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
 * Pages copy what they find (`innerHTML += …`), our links included: those become text as well.
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
 * @param {ChildNode[]} added gets it, unless it is empty
 */
function keep(text, added) {
  if (text.data === "") text.remove();
  else added.push(text);
}

/**
 * In a flex or grid container each child is a box of its own; text and links must stay in one.
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
