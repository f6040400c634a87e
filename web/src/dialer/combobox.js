/**
 * A field for a name or a number, with a list of matching people: an ARIA combobox.
 *
 * @typedef Choice
 * @property {string} value the number to call
 * @property {string} label
 * @property {string} detail
 * @property {string} [remark]
 */

import { h, setAttribute, setText } from "./dom.js";
import { Field, newId } from "./field.js";
import { initials } from "./format.js";

export class Combobox {
  #list;
  #find;
  #choose;
  #always;
  /** @type {Choice[]} */
  #choices = [];
  #active = -1;
  #empty = h("p", { class: "muted list-empty", role: "status" });

  /**
   * @param {object} given
   * @param {string} given.label
   * @param {string} given.listLabel
   * @param {string} [given.none] the text to show if nothing matches
   * @param {boolean} [given.always] whether the list is shown before anything is typed
   * @param {(text: string) => Choice[]} given.find
   * @param {(choice: Choice) => void} given.choose
   * @param {Node[]} [given.extras] nodes beside the field
   */
  constructor({ label, listLabel, none = "", always = false, find, choose, extras = [] }) {
    this.#find = find;
    this.#choose = choose;
    this.#always = always;
    const id = newId();
    this.#list = h("ul", { id, role: "listbox", class: "list", part: "list" });
    this.#list.ariaLabel = listLabel;
    this.#list.hidden = true;
    setText(this.#empty, none);
    this.#empty.hidden = true;
    this.field = new Field(
      label,
      {
        ...{ role: "combobox", "aria-autocomplete": "list", "aria-controls": id },
        ...{ "aria-expanded": "false", autocomplete: "off", autocapitalize: "none" },
        ...{ spellcheck: "false", enterkeyhint: "go", class: "input number" },
      },
      ...extras,
    );
    this.input = this.field.input;
    this.element = h(
      "div",
      { class: always ? "combobox always" : "combobox" },
      this.field.element,
      this.#list,
      this.#empty,
    );
    this.input.addEventListener("input", () => this.refresh());
    this.input.addEventListener("keydown", (event) => this.#onKeyDown(event));
    this.input.addEventListener("blur", () => this.close());
    // The field keeps the focus. The list is never focused.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  get value() {
    return this.input.value.trim();
  }

  set value(value) {
    this.input.value = value;
  }

  /** @returns {Choice | undefined} the choice that the arrow keys have selected */
  get active() {
    return this.#choices[this.#active];
  }

  /** @returns {number} the number of choices */
  get count() {
    return this.#list.hidden ? 0 : this.#choices.length;
  }

  /** Search again for the text of the field. */
  refresh() {
    this.#choices = this.#find(this.value);
    this.#active = -1;
    this.#list.replaceChildren(...this.#choices.map((choice, at) => this.#option(choice, at)));
    this.#list.scrollTop = 0;
    this.#show(this.#choices.length > 0);
    this.#empty.hidden = this.#choices.length > 0 || !/\p{L}/u.test(this.value);
    if (this.#empty.textContent === "") this.#empty.hidden = true;
  }

  close() {
    if (!this.#always) this.#show(false);
    this.#activate(-1);
  }

  /** @param {boolean} open */
  #show(open) {
    this.#list.hidden = !open;
    setAttribute(this.input, "aria-expanded", String(open));
    setAttribute(this.input, "aria-activedescendant", null);
  }

  /**
   * @param {Choice} choice
   * @param {number} at
   */
  #option(choice, at) {
    const option = h(
      "li",
      { id: `${this.#list.id}-${at}`, role: "option", class: "option", part: "option" },
      h("span", { class: "avatar", "aria-hidden": "true" }, initials(choice.label)),
      h("span", { class: "option-label", dir: "auto" }, choice.label),
      h("bdi", { class: "option-detail", dir: "ltr" }, choice.detail),
    );
    if (choice.remark) option.append(h("span", { class: "option-remark" }, choice.remark));
    option.ariaSelected = "false";
    option.addEventListener("click", () => this.#take(choice));
    return option;
  }

  /** @param {Choice} choice */
  #take(choice) {
    // The next Enter must use the choice, not choose again.
    this.#activate(-1);
    this.#choose(choice);
  }

  /** @param {number} index */
  #activate(index) {
    this.#active = index;
    [...this.#list.children].forEach((option, at) => {
      option.ariaSelected = String(at === index);
      if (at === index) option.scrollIntoView({ block: "nearest" });
    });
    const reached = this.#list.children[index];
    setAttribute(this.input, "aria-activedescendant", reached ? reached.id : null);
  }

  /** @param {KeyboardEvent} event */
  #onKeyDown(event) {
    const { key } = event;
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (key === "ArrowDown" || key === "ArrowUp") {
      if (this.#list.hidden) this.refresh();
      const { length } = this.#choices;
      if (this.#list.hidden || length === 0) return;
      event.preventDefault();
      const step = key === "ArrowDown" ? 1 : -1;
      const from = this.#active < 0 && step < 0 ? 0 : this.#active;
      this.#activate((from + step + length) % length);
    } else if (key === "Enter" && this.active) {
      event.preventDefault();
      this.#take(this.active);
    } else if (key === "Escape" && !this.#list.hidden && !this.#always) {
      // This Escape closes only the list. The next one closes what is around it.
      event.stopPropagation();
      this.close();
    }
  }
}
