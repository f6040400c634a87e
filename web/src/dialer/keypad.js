/** The twelve keys. They have one tab stop; the arrow keys move from key to key. */

import { button, h } from "./dom.js";

/** The character that a key types, and the letters below it (ITU-T E.161). */
const KEYS = [
  ["1", ""],
  ["2", "ABC"],
  ["3", "DEF"],
  ["4", "GHI"],
  ["5", "JKL"],
  ["6", "MNO"],
  ["7", "PQRS"],
  ["8", "TUV"],
  ["9", "WXYZ"],
  ["*", ""],
  ["0", "+"],
  ["#", ""],
];
const COLUMNS = 3;
/** The time after which a press of 0 types `+` (milliseconds). */
const LONG = 500;

export class Keypad {
  #keys;
  #press;

  /**
   * @param {import("./words.js").Vocabulary} words
   * @param {(text: string) => void} press
   * @param {string} [label]
   */
  constructor(words, press, label = words.say("keypad")) {
    this.#press = press;
    this.#keys = KEYS.map(([digit = "", letters = ""]) => {
      const key = button(
        { class: "key", part: "key", tabindex: digit === "1" ? "0" : "-1" },
        h("span", { class: "key-digit" }, digit),
        h("span", { class: "key-letters", "aria-hidden": "true" }, letters),
      );
      if (digit === "*") key.ariaLabel = words.say("star");
      if (digit === "#") key.ariaLabel = words.say("hash");
      this.#listen(key, digit);
      return key;
    });
    this.element = h(
      "div",
      { class: "keypad", part: "keypad", role: "toolbar", dir: "ltr" },
      ...this.#keys,
    );
    this.element.ariaLabel = label;
    this.element.addEventListener("keydown", (event) => this.#onKeyDown(event));
    // Tab returns to the key that was focused last.
    this.element.addEventListener("focusin", ({ target }) => {
      for (const key of this.#keys) key.tabIndex = key === target ? 0 : -1;
    });
  }

  /**
   * @param {HTMLElement} key
   * @param {string} digit
   */
  #listen(key, digit) {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let held;
    let plus = false;
    if (digit === "0") {
      key.addEventListener("pointerdown", () => {
        plus = false;
        held = setTimeout(() => {
          plus = true;
          this.#press("+");
        }, LONG);
      });
      for (const type of ["pointerup", "pointerleave", "pointercancel"]) {
        key.addEventListener(type, () => clearTimeout(held));
      }
    }
    key.addEventListener("click", () => {
      if (!plus) this.#press(digit);
      plus = false;
    });
  }

  /** @param {KeyboardEvent} event */
  #onKeyDown(event) {
    const at = this.#keys.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS };
    const step = Object.hasOwn(steps, event.key) ? Reflect.get(steps, event.key) : 0;
    if (at < 0) return;
    if (step) {
      event.preventDefault();
      this.#keys[at + step]?.focus();
    } else if (/^[\d*#+]$/.test(event.key)) {
      // Typed characters go to the field that the keys write to.
      event.preventDefault();
      this.#press(event.key);
    }
  }
}
