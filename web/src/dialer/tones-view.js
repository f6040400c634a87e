/**
 * The keypad of a connected call, and the keys that were pressed. Its keys are made when it is opened.
 *
 * @import {Call} from "../common/protocol.d.ts"
 * @import {State} from "./state.js"
 * @import {Ui} from "./ui.js"
 */

import { keyOf } from "./calls.js";
import { h, setText } from "./dom.js";
import { newId } from "./field.js";
import { Keypad } from "./keypad.js";

export class TonesView {
  #ui;
  #key;
  #digits = h("bdi", { class: "tones-digits", part: "digits", dir: "ltr" });
  /** @type {Keypad | null} */
  #keypad = null;

  /**
   * @param {Ui} ui
   * @param {Call} call
   */
  constructor(ui, call) {
    this.#ui = ui;
    this.#key = keyOf(call);
    const label = h("span", { class: "unseen" }, `${ui.words.say("tonesSent")}: `);
    this.element = h(
      "div",
      { class: "tones", part: "tones", id: newId() },
      h("p", { class: "tones-line" }, label, this.#digits),
    );
    this.element.hidden = true;
  }

  /**
   * @param {State} state
   * @param {boolean} open
   */
  render(state, open) {
    const { words, commands } = this.#ui;
    if (open && !this.#keypad) {
      // A tone for `+`, which the long press of 0 types, does not exist.
      const press = (/** @type {string} */ digit) => {
        if (digit !== "+") commands.press(this.#key, digit);
      };
      this.#keypad = new Keypad(words, press, words.say("tonesLabel"));
      this.element.append(this.#keypad.element);
    }
    this.element.hidden = !open;
    setText(this.#digits, state.digits[this.#key] ?? "");
  }
}
