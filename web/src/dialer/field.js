/** A labelled field with room for what is wrong with it. */

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
   * @param {Node[]} extras after the input, in one line with it
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
   * @param {string} text `""` for nothing
   * @param {boolean} invalid whether what was typed is at fault
   */
  complain(text, invalid) {
    setText(this.#error, text);
    this.#error.hidden = text === "";
    setAttribute(this.input, "aria-invalid", text !== "" && invalid && "true");
    setAttribute(this.input, "aria-describedby", text !== "" && this.#error.id);
  }
}
