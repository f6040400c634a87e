/**
 * The transfer form: a colleague from the list, or any number.
 *
 * @import {Call} from "../common/protocol.d.ts"
 * @import {Place, State} from "./state.js"
 * @import {Ui} from "./ui.js"
 */

import { keyOf } from "./calls.js";
import { Combobox } from "./combobox.js";
import { button, h, onClick, onSubmit, setBusy } from "./dom.js";
import { isInput, wordsFor } from "./failures.js";
import { offers } from "./features.js";
import { newId } from "./field.js";
import { findColleagues, resolve } from "./people.js";

export class TransferView {
  #ui;
  #combobox;
  #send;
  #ask;
  #place;
  /** @type {State["colleagues"]} */
  #colleagues = [];

  /**
   * @param {Ui} ui
   * @param {Call} call
   * @param {() => void} close
   */
  constructor(ui, call, close) {
    this.#ui = ui;
    const { words, store, commands } = ui;
    const key = keyOf(call);
    this.#place = /** @type {Place} */ (`call ${key}`);
    this.#combobox = new Combobox({
      label: words.say("transferTo"),
      listLabel: words.say("colleagues"),
      none: words.say("noColleague"),
      always: true,
      find: (text) => findColleagues(store.state, words, text),
      choose: ({ value, label }) => {
        this.#combobox.value = label === value ? value : `${label} · ${value}`;
        this.#chosen = value;
        this.#combobox.input.focus();
      },
    });
    this.#combobox.input.placeholder = words.say("transferHint");
    this.#send = h("button", { class: "button primary", part: "button" }, words.say("transferNow"));
    this.#ask = button({ class: "button secondary", part: "button" }, words.say("askFirst"));
    const cancel = button({ class: "button quiet", part: "button" }, words.say("cancel"));
    this.element = h(
      "form",
      { class: "transfer", part: "transfer", id: newId(), novalidate: true },
      this.#combobox.element,
      h("div", { class: "form-end" }, this.#send, this.#ask, cancel),
    );
    onClick(cancel, close);
    const destination = () => this.#chosen || resolve(store.state, words, this.#combobox.value);
    onClick(this.#ask, () => commands.consult(key, destination()));
    onSubmit(this.element, () => {
      if (offers(store.state, "transfer")) commands.transfer(key, destination());
      else commands.consult(key, destination());
    });
    this.#combobox.input.addEventListener("input", () => {
      this.#chosen = "";
    });
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      close();
    });
  }

  /** The extension of the chosen colleague, unless the text was changed since. */
  #chosen = "";

  open() {
    this.#ui.commands.refresh();
    this.#combobox.value = "";
    this.#chosen = "";
    this.#combobox.refresh();
    this.#combobox.input.focus();
  }

  /**
   * @param {State} state
   * @param {State} before
   */
  render(state, before) {
    if (state.colleagues !== this.#colleagues) {
      this.#colleagues = state.colleagues;
      this.#combobox.refresh();
    }
    const failure = state.failures[this.#place];
    const text = failure ? wordsFor(this.#ui.words, failure, this.#place) : "";
    this.#combobox.field.complain(text, isInput(failure));
    if (failure !== before.failures[this.#place] && isInput(failure)) {
      this.#ui.focus(this.#combobox.input);
    }
    this.#send.hidden = !offers(state, "transfer");
    this.#ask.hidden = !offers(state, "consult");
    setBusy(this.#ask, state.pending.includes(this.#place));
    setBusy(this.#send, state.pending.includes(this.#place));
  }
}
