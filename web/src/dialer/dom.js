/** The few DOM helpers that the views share. Text only ever goes in as text. */

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
 * Change text only where it differs, so that nothing is read out twice.
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
 * @param {string | null | boolean} value null and false remove it
 */
export function setAttribute(element, name, value) {
  if (value === null || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}

/**
 * A button that has nothing to do keeps the focus: it is not `disabled`.
 *
 * @param {HTMLElement} element
 * @param {boolean} busy
 */
export function setBusy(element, busy) {
  setAttribute(element, "aria-disabled", busy && "true");
}

/**
 * @param {HTMLElement} element
 * @param {() => void} action not taken while the element is busy
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
 * One element of a list, and how it takes news.
 *
 * @template Item
 * @typedef {{element: HTMLElement, update: (item: Item) => void}} Row
 */

/**
 * A list whose elements stay the same while their items live: focus and half-typed text survive.
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
