/**
 * Keyboard access for elements with `data-cti-number`.
 */

/** Elements that the browser makes focusable, and for which it turns Enter into a click. */
const NATIVE = "a[href],area[href],button,input,select,textarea,summary";

/** Gives elements with `data-cti-number` a role and a tab stop while it runs. */
export class Reachable {
  /** @type {Map<Element, string[]>} the attributes that were added */
  #added = new Map();
  #observer = new MutationObserver((records) => this.#onChange(records));

  /** @param {Node & ParentNode} root */
  constructor(root) {
    this.#addAll(root);
    this.#observer.observe(root, {
      subtree: true,
      childList: true,
      attributeFilter: ["data-cti-number"],
    });
  }

  /**
   * @param {Element} element
   * @returns {boolean} whether we must handle its keys
   */
  has(element) {
    return this.#added.has(element);
  }

  stop() {
    this.#observer.disconnect();
    for (const element of this.#added.keys()) this.#remove(element);
  }

  /** @param {MutationRecord[]} records */
  #onChange(records) {
    for (const { target, addedNodes } of records) {
      if (target instanceof Element) this.#check(target);
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue;
        this.#check(node);
        this.#addAll(node);
      }
    }
    // Release elements that have left the document.
    for (const element of this.#added.keys()) {
      if (!element.isConnected) this.#remove(element);
    }
  }

  /** @param {ParentNode} root */
  #addAll(root) {
    for (const element of root.querySelectorAll("[data-cti-number]")) this.#check(element);
  }

  /** @param {Element} element */
  #check(element) {
    const wanted = element.hasAttribute("data-cti-number") && !element.matches(NATIVE);
    if (wanted && !this.#added.has(element)) this.#add(element);
    if (!wanted) this.#remove(element);
  }

  /** @param {Element} element */
  #add(element) {
    const added = [];
    for (const [name, value] of [["role", "button"], ["tabindex", "0"]]) {
      if (element.hasAttribute(name)) continue;
      element.setAttribute(name, value);
      added.push(name);
    }
    this.#added.set(element, added);
  }

  /** @param {Element} element */
  #remove(element) {
    for (const name of this.#added.get(element) ?? []) element.removeAttribute(name);
    this.#added.delete(element);
  }
}
