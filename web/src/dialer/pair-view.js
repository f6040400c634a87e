/**
 * The buttons for two calls: connect the other sides, swap, or give up the second call.
 *
 * @import {State} from "./state.js"
 * @import {Ui} from "./ui.js"
 */

import { keyOf } from "./calls.js";
import { button, h, onClick, setBusy, setText } from "./dom.js";
import { wordsFor } from "./failures.js";
import { offers } from "./features.js";
import { icon } from "./icons.js";
import { pairOf } from "./pair.js";

export class PairView {
  #ui;
  #complete;
  #swap;
  #back;
  #error = h("p", { class: "field-error", part: "error" });

  /** @param {Ui} ui */
  constructor(ui) {
    this.#ui = ui;
    const { words, commands, store } = ui;
    const say = words.say.bind(words);
    this.#complete = button(
      { class: "button primary", part: "button complete" },
      icon("transfer"),
      h("span", {}, say("complete")),
    );
    this.#swap = button(
      { class: "button secondary", part: "button swap" },
      icon("swap"),
      h("span", {}, say("swap")),
    );
    this.#back = button(
      { class: "button secondary", part: "button back" },
      icon("back"),
      h("span", {}, say("backToCaller")),
    );
    this.element = h(
      "div",
      { class: "pair", part: "pair", role: "group" },
      h("div", { class: "pair-buttons" }, this.#complete, this.#swap, this.#back),
      this.#error,
    );
    this.element.ariaLabel = say("twoCalls");
    const withPair = (/** @type {(first: string, second: string) => void} */ action) => () => {
      const pair = pairOf(store.state);
      if (pair) action(keyOf(pair.first), keyOf(pair.second));
    };
    onClick(this.#complete, withPair((first, second) => commands.completeTransfer(first, second)));
    onClick(this.#swap, () => {
      const held = store.state.calls.find(({ status }) => status === "ON_HOLD");
      if (held) commands.alternate(keyOf(held));
    });
    onClick(this.#back, withPair((first, second) => commands.backTo(first, second)));
  }

  /** @param {State} state */
  render(state) {
    const pair = pairOf(state);
    this.#complete.hidden = !pair?.joined || !offers(state, "consult");
    this.#swap.hidden = !pair?.joined || !offers(state, "hold");
    this.#back.hidden = !pair?.asked || !offers(state, "terminate") || !offers(state, "hold");
    const buttons = [this.#complete, this.#swap, this.#back];
    this.element.hidden = buttons.every((one) => one.hidden);
    const failure = state.failures.pair;
    setText(this.#error, failure ? wordsFor(this.#ui.words, failure, "pair") : "");
    for (const one of buttons) setBusy(one, state.pending.includes("pair"));
  }
}
