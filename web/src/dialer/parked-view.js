/**
 * The call that was parked last: its slot, and a button that fetches it.
 *
 * @import {State} from "./state.js"
 * @import {Ui} from "./ui.js"
 */

import { button, h, onClick, setBusy, setText } from "./dom.js";
import { wordsFor } from "./failures.js";
import { icon } from "./icons.js";

export class ParkedView {
  #ui;
  #text = h("p", { class: "outcome-text" });
  #fetch;
  #error = h("p", { class: "field-error", part: "error" });

  /** @param {Ui} ui */
  constructor(ui) {
    this.#ui = ui;
    const { words, store, commands } = ui;
    this.#fetch = button({ class: "button quiet small", part: "button" }, words.say("unpark"));
    const dismiss = button({ class: "icon-button", part: "icon-button" }, icon("close"));
    dismiss.ariaLabel = words.say("dismiss");
    this.element = h(
      "div",
      { class: "outcome parked", part: "parked" },
      h("div", { class: "outcome-line" }, this.#text, dismiss),
      this.#error,
      this.#fetch,
    );
    onClick(this.#fetch, () => {
      const { parked } = store.state;
      if (parked) commands.unpark(parked.slot);
    });
    onClick(dismiss, () => store.set({ parked: null }));
  }

  /** @param {State} state */
  render(state) {
    const { words } = this.#ui;
    const { parked } = state;
    this.element.hidden = !parked;
    setText(this.#text, parked ? parkedText(words, parked) : "");
    const failure = state.failures.park;
    setText(this.#error, failure ? wordsFor(words, failure, "park") : "");
    setBusy(this.#fetch, state.pending.includes("park"));
  }
}

/**
 * @param {import("./words.js").Vocabulary} words
 * @param {NonNullable<State["parked"]>} parked
 * @returns {string}
 */
export function parkedText(words, { slot, name }) {
  return words.say("parkedIn", { name: name || words.say("anonymous"), slot });
}
