/**
 * Plans which text nodes get which links.
 *
 * @import {Answer, Span} from "./batch.js"
 * @import {Piece} from "./links.js"
 * @import {Line} from "./walk.js"
 */

import { isInline } from "./rules.js";

/**
 * @typedef Wrapping
 * @property {Text} node
 * @property {Piece[]} pieces in order
 * @property {boolean} boxed the node's parent lays out each child as a box
 */

/**
 * @param {Answer} answer
 * @returns {Wrapping[]}
 */
export function planOf({ line, spans }) {
  const plan = [];
  let base = 0;
  const whole = spans.filter((span) => isOneLine(line, span));
  for (const node of line.nodes) {
    const { data } = node;
    const pieces = [];
    for (const span of whole) {
      const start = Math.max(0, span.start - base);
      const text = data.slice(start, Math.max(0, span.end - base));
      if (text.trim() === "") continue;
      const from = start + text.length - text.trimStart().length;
      pieces.push({ start: from, end: from + text.trim().length, span, lead: null });
    }
    if (pieces.length > 0) plan.push({ node, pieces, boxed: isBoxed(node) });
    base += data.length;
  }
  return plan;
}

/**
 * Return whether a number that continues in another element is one number: both elements must be shown
 * in one line.
 *
 * @param {Line} line
 * @param {Span} span
 */
function isOneLine({ nodes }, { start, end }) {
  let base = 0;
  const parents = new Set();
  for (const node of nodes) {
    const next = base + node.data.length;
    if (base < end && next > start) parents.add(node.parentElement);
    base = next;
  }
  if (parents.size < 2) return true;
  return [...parents].every((element) => {
    if (!element) return false;
    const { display } = getComputedStyle(element);
    return isInline(element) ? display === "inline" : !isContainer(display);
  });
}

/** @param {Text} node */
function isBoxed({ parentElement }) {
  return parentElement !== null && isContainer(getComputedStyle(parentElement).display);
}

/** @param {string} display */
function isContainer(display) {
  return /flex|grid/.test(display);
}

/**
 * @param {Text} node
 * @returns {boolean} whether the user has selected a part of it
 */
export function isSelected(node) {
  const selection = getSelection();
  return selection !== null && !selection.isCollapsed && selection.containsNode(node, true);
}
