/** The DOM helpers of the views. They insert text only as text, never as HTML. */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | true>} [attributes] `true` is an attribute without a value
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/**
 * @param {Record<string, string | true>} attributes
 * @param {(Node | string)[]} children
 * @returns {HTMLButtonElement}
 */
export function button(attributes, ...children) {
  return h("button", { type: "button", ...attributes }, ...children);
}

/**
 * Change text only if it differs, so that screen readers do not read it twice.
 *
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {string | null | boolean} value null and false remove the attribute
 */
export function setAttribute(element, name, value) {
  if (value === null || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}

/**
 * Mark a button as busy. It is not `disabled`, so that it keeps the focus.
 *
 * @param {HTMLElement} element
 * @param {boolean} busy
 */
export function setBusy(element, busy) {
  setAttribute(element, "aria-disabled", busy && "true");
}

/**
 * @param {HTMLElement} element
 * @param {() => void} action not called while the element is busy
 */
export function onClick(element, action) {
  element.addEventListener("click", () => {
    if (element.ariaDisabled !== "true") action();
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {() => void} action
 */
export function onSubmit(form, action) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    action();
  });
}

/**
 * One element of a list, and the function that updates it.
 *
 * @template Item
 * @typedef {{element: HTMLElement, update: (item: Item) => void}} Row
 */

/**
 * A list that keeps the element of each item, so that focus and typed text survive updates.
 *
 * @template Item
 * @template {Row<Item>} ItemRow
 */
export class KeyedList {
  /** @type {Map<string, ItemRow>} */
  rows = new Map();
  #parent;
  #keyOf;
  #create;

  /**
   * @param {HTMLElement} parent
   * @param {(item: Item) => string} keyOf
   * @param {(item: Item) => ItemRow} create
   */
  constructor(parent, keyOf, create) {
    this.#parent = parent;
    this.#keyOf = keyOf;
    this.#create = create;
  }

  /** @param {readonly Item[]} items */
  update(items) {
    const keys = new Set(items.map(this.#keyOf));
    for (const [key, row] of this.rows) {
      if (keys.has(key)) continue;
      row.element.remove();
      this.rows.delete(key);
    }
    items.forEach((item, index) => {
      const key = this.#keyOf(item);
      const row = this.rows.get(key) ?? this.#create(item);
      this.rows.set(key, row);
      row.update(item);
      const there = this.#parent.children[index] ?? null;
      if (there !== row.element) this.#parent.insertBefore(row.element, there);
    });
  }
}
