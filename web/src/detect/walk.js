/**
 * Walks through a page and returns its lines of text, one after the other.
 *
 * A line is what a reader sees as one run of text: the text nodes of a block, including those inside
 * inline elements such as `em`. A walk can stop at any time and continue later. If the page has changed
 * in the meantime, the walk drops that branch, because the change is searched separately.
 */

import { asLabel, countryOf, isInline, isSkipped, labelOf } from "./rules.js";

/**
 * @typedef Line
 * @property {Text[]} nodes
 * @property {string} text of all nodes
 * @property {string} label its labels, one per line: a column's header, the line before
 * @property {string} country the country that an element around it names, or `""`
 */

/**
 * @typedef Frame
 * @property {Node} parent
 * @property {ChildNode | null} next
 * @property {boolean} block whether its end ends a line
 */

/** A walk through a part of the page. */
export class Walk {
  /** @type {Frame[]} */
  #frames;
  #deep;
  #onRoot;
  /** @type {Text[]} */
  #nodes = [];
  #text = "";
  /** The previous line, if it is a label; otherwise `""`. */
  #said = "";
  /** @type {WeakMap<HTMLTableElement, string[]>} */
  #headers = new WeakMap();

  /**
   * @param {Node} root
   * @param {boolean} deep whether blocks inside `root` are walked too
   * @param {(root: ShadowRoot, host: Element) => void} onRoot called for each open shadow tree
   */
  constructor(root, deep, onRoot) {
    this.#deep = deep;
    this.#onRoot = onRoot;
    this.#frames = [{ parent: root, next: root.firstChild, block: true }];
    if (root instanceof Element) {
      this.#said = labelOf(root.previousElementSibling);
      this.#enterShadow(root);
    }
  }

  /** @returns {boolean} */
  get done() {
    return this.#frames.length === 0;
  }

  /** @returns {Line | null} the line that ended with this step, if any */
  step() {
    const frame = this.#frames[this.#frames.length - 1];
    if (!frame) return null;
    const node = frame.next;
    if (!node || node.parentNode !== frame.parent) {
      this.#frames.pop();
      return frame.block ? this.#endLine() : null;
    }
    frame.next = node.nextSibling;
    if (node instanceof Text) return this.#read(node);
    return node instanceof Element ? this.#enter(node) : null;
  }

  /**
   * @param {Text} node
   * @returns {Line | null}
   */
  #read(node) {
    const { data } = node;
    if (data === "") return null;
    // Digits that touch at a tag are not one number: "<b>12</b>3456".
    const touches = /\d$/.test(this.#text) && /^\d/.test(data);
    const ended = touches ? this.#endLine() : null;
    this.#nodes.push(node);
    this.#text += data;
    return ended;
  }

  /**
   * @param {Element} element
   * @returns {Line | null}
   */
  #enter(element) {
    const block = !isInline(element);
    const ended = block ? this.#endLine() : null;
    if (isSkipped(element)) return ended ?? this.#endLine();
    if (block && !this.#deep) return ended;
    this.#frames.push({ parent: element, next: element.firstChild, block });
    this.#enterShadow(element);
    return ended;
  }

  /** @param {Element} element */
  #enterShadow(element) {
    const { shadowRoot } = element;
    if (!shadowRoot || !this.#deep) return;
    this.#onRoot(shadowRoot, element);
    this.#frames.push({ parent: shadowRoot, next: shadowRoot.firstChild, block: true });
  }

  /** @returns {Line | null} */
  #endLine() {
    const [nodes, text] = [this.#nodes, this.#text];
    this.#nodes = [];
    this.#text = "";
    if (text.trim() === "") return null;
    const first = /** @type {Text} */ (nodes[0]);
    const label = [...this.#headersOf(first.parentElement), this.#said].filter(Boolean).join("\n");
    this.#said = asLabel(text);
    return { nodes, text, label, country: countryOf(first) };
  }

  /**
   * @param {Element | null} element
   * @returns {string[]} the header of the element's table column
   */
  #headersOf(element) {
    const cell = element?.closest("td,th");
    const row = cell?.parentElement;
    const table = row?.closest("table");
    if (!(cell instanceof HTMLTableCellElement) || !table) return [];
    let headers = this.#headers.get(table);
    if (!headers) {
      headers = readHeaders(table);
      this.#headers.set(table, headers);
    }
    return row === headRow(table) ? [] : [headers[cell.cellIndex] ?? ""];
  }
}

/**
 * @param {HTMLTableElement} table
 * @returns {HTMLTableRowElement | undefined}
 */
function headRow(table) {
  return table.tHead?.rows[0] ?? table.rows[0];
}

/**
 * @param {HTMLTableElement} table
 * @returns {string[]}
 */
function readHeaders(table) {
  const cells = [...(headRow(table)?.cells ?? [])];
  if (!cells.every(({ localName }) => localName === "th")) return [];
  return cells.map(labelOf);
}
