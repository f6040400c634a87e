/** The few DOM helpers that the views share. Text only ever goes in through `textContent`. */

/**
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function byId(id, type) {
  return checked(document.getElementById(id), type, `#${id}`);
}

/**
 * @template {Element} T
 * @param {Element} root
 * @param {string} name the element's `data-part`
 * @param {new () => T} type
 * @returns {T}
 */
export function part(root, name, type) {
  const selector = `[data-part="${name}"]`;
  return checked(root.matches(selector) ? root : root.querySelector(selector), type, selector);
}

/**
 * @param {string} id of a `<template>` with one element
 * @returns {HTMLElement} a copy of that element
 */
export function fromTemplate(id) {
  const { content } = byId(id, HTMLTemplateElement);
  return checked(document.importNode(content, true).firstElementChild, HTMLElement, `#${id}`);
}

/**
 * @param {string} text
 * @param {string} className
 * @param {() => void} onClick
 * @returns {HTMLButtonElement}
 */
export function button(text, className, onClick) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.textContent = text;
  made.addEventListener("click", onClick);
  return made;
}

/**
 * Change text only where it differs, so that nothing is read out twice.
 *
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * One element of a list, and how it takes news.
 *
 * @template Item
 * @typedef {{element: HTMLElement, update: (item: Item) => void}} Row
 */

/**
 * A list whose elements stay the same while their items live: focus and half-typed text survive.
 *
 * @template Item
 */
export class KeyedList {
  /** @type {Map<string, Row<Item>>} */
  #rows = new Map();
  #parent;
  #keyOf;
  #create;

  /**
   * @param {HTMLElement} parent
   * @param {(item: Item) => string} keyOf
   * @param {(item: Item) => Row<Item>} create
   */
  constructor(parent, keyOf, create) {
    this.#parent = parent;
    this.#keyOf = keyOf;
    this.#create = create;
  }

  /** @param {Item[]} items */
  update(items) {
    const keys = new Set(items.map(this.#keyOf));
    for (const [key, row] of this.#rows) {
      if (keys.has(key)) continue;
      row.element.remove();
      this.#rows.delete(key);
    }
    items.forEach((item, index) => {
      const key = this.#keyOf(item);
      const row = this.#rows.get(key) ?? this.#create(item);
      this.#rows.set(key, row);
      row.update(item);
      const there = this.#parent.children[index] ?? null;
      if (there !== row.element) this.#parent.insertBefore(row.element, there);
    });
  }
}

/**
 * @template {Element} T
 * @param {Element | null} element
 * @param {new () => T} type
 * @param {string} name
 * @returns {T}
 */
function checked(element, type, name) {
  if (element instanceof type) return element;
  throw new TypeError(`${name} is not a ${type.name}`);
}
