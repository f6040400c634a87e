/** A labelled field with a place for its error. */

import { h, setAttribute, setText } from "./dom.js";

let last = 0;

/** @returns {string} unique in every shadow tree */
export function newId() {
  last += 1;
  return `cti-${last}`;
}

export class Field {
  #error = h("p", { class: "field-error", part: "error", id: newId() });

  /**
   * @param {string} label
   * @param {Record<string, string | true>} attributes of the input
   * @param {Node[]} extras nodes after the input, in the same line
   */
  constructor(label, attributes, ...extras) {
    const id = newId();
    this.input = h("input", { id, class: "input", part: "input", ...attributes });
    this.#error.hidden = true;
    this.element = h(
      "div",
      { class: "field" },
      h("label", { for: id, class: "label" }, label),
      h("div", { class: "field-line" }, this.input, ...extras),
      this.#error,
    );
  }

  /**
   * @param {string} text the error, `""` for none
   * @param {boolean} invalid whether the user's input is the cause
   */
  complain(text, invalid) {
    setText(this.#error, text);
    this.#error.hidden = text === "";
    setAttribute(this.input, "aria-invalid", text !== "" && invalid && "true");
    setAttribute(this.input, "aria-describedby", text !== "" && this.#error.id);
  }
}
