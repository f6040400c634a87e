/**
 * The view for making calls: the number field, the keypad and the recent calls.
 *
 * @import {Choice} from "./combobox.js"
 * @import {State} from "./state.js"
 * @import {Ui} from "./ui.js"
 */

import { isIncoming } from "./calls.js";
import { Combobox } from "./combobox.js";
import { button, h, onClick, onSubmit, setAttribute, setBusy } from "./dom.js";
import { isInput, wordsFor } from "./failures.js";
import { newId } from "./field.js";
import { countUnseen } from "./history.js";
import { icon } from "./icons.js";
import { Keypad } from "./keypad.js";
import { PeopleView } from "./people-view.js";
import { findPeople, resolve } from "./people.js";
import { RecentsView } from "./recents-view.js";
import { Tabs } from "./tabs.js";

export class PhoneView {
  #ui;
  #form;
  #combobox;
  #delete;
  #call;
  #more;
  #tabs;
  #recents;
  #people;
  #body;

  /**
   * @param {Ui} ui
   * @param {boolean} withRecents
   */
  constructor(ui, withRecents) {
    this.#ui = ui;
    const say = ui.words.say.bind(ui.words);
    this.#delete = button({ class: "icon-button in-field", part: "icon-button" }, icon("delete"));
    this.#delete.ariaLabel = say("deleteDigit");
    this.#combobox = new Combobox({
      label: say("number"),
      listLabel: say("suggestions"),
      find: (text) => findPeople(ui.store.state, ui.words, text),
      choose: (choice) => this.#choose(choice),
      extras: [this.#delete],
    });
    this.#call = h(
      "button",
      { class: "button go wide", part: "button call-button" },
      icon("phone"),
      h("span", {}, say("call")),
    );
    const keypad = new Keypad(ui.words, (text) => this.#set(this.input.value + text));
    this.#people = new PeopleView(ui);
    this.#recents = new RecentsView(ui);
    this.#tabs = new Tabs(
      say("title"),
      [
        { name: "keypad", label: say("keypad"), content: keypad.element },
        { name: "people", label: say("people"), content: this.#people.element },
        ...(withRecents
          ? [{ name: "recent", label: say("recentTab"), content: this.#recents.element }]
          : []),
      ],
      (tab) => ui.store.set({ tab: /** @type {State["tab"]} */ (tab) }),
    );
    this.#form = h("form", { class: "dial", novalidate: true }, this.#combobox.element, this.#call);
    const id = newId();
    this.#body = h("div", { class: "dial-body", id }, this.#form, this.#tabs.element);
    this.#more = button(
      { class: "button secondary wide", part: "button", "aria-controls": id },
      say("newCall"),
    );
    this.element = h("div", { class: "phone", part: "phone" }, this.#more, this.#body);

    onSubmit(this.#form, () => this.#submit());
    onClick(this.#delete, () => this.#erase());
    onClick(this.#more, () => {
      const dialing = !ui.store.state.dialing;
      ui.store.set({ dialing });
      if (dialing) this.input.focus();
    });
    this.input.addEventListener("input", () => this.#forgive());
    this.#delete.hidden = true;
  }

  get input() {
    return this.#combobox.input;
  }

  /** @returns {HTMLElement} the control that gets the focus when a call is over */
  get first() {
    return this.#body.hidden ? this.#more : this.input;
  }

  /**
   * @param {State} state
   * @param {State} before
   */
  render(state, before) {
    const { failures, pending, usable, calls, dialing, tab } = state;
    const engaged = calls.some((call) => !isIncoming(call));
    this.element.hidden = !usable || state.settings;
    this.#more.hidden = !engaged;
    this.#body.hidden = engaged && !dialing;
    setAttribute(this.#more, "aria-expanded", String(dialing));
    setBusy(this.#call, pending.includes("dial"));
    const sent = before.pending.includes("dial") && !pending.includes("dial");
    if (sent && !failures.dial) this.#set("");
    else if (before.dialing && !dialing) this.#keepTyping();
    const failure = failures.dial;
    const text = failure ? wordsFor(this.#ui.words, failure, "dial") : "";
    this.#combobox.field.complain(text, isInput(failure));
    if (failure !== before.failures.dial && isInput(failure)) this.#ui.focus(this.input);
    this.#tabs.select(tab);
    this.#people.render(state, before);
    this.#recents.render(state, before);
    const unseen = countUnseen(state.recents, state.seen);
    this.#tabs.count("recent", unseen, this.#ui.words.say("unseenMissed", { count: unseen }));
  }

  /**
   * Show a number in the field without calling it.
   *
   * @param {string} number
   */
  fill(number) {
    this.#ui.store.set({ dialing: true });
    this.#set(number);
    this.input.focus();
  }

  /** Do not hide the field while the user types in it, even if a call begins elsewhere. */
  #keepTyping() {
    if (this.input.matches(":focus") && this.#combobox.value) {
      this.#ui.store.set({ dialing: true });
    }
  }

  #submit() {
    const { words, store } = this.#ui;
    this.#combobox.close();
    this.#dial(resolve(store.state, words, this.#combobox.value));
  }

  /** @param {Choice} choice */
  #choose({ value }) {
    this.#set(value);
    this.#dial(value);
  }

  /** @param {string} number */
  #dial(number) {
    if (this.#call.ariaDisabled !== "true") this.#ui.commands.call(number);
  }

  /** @param {string} text */
  #set(text) {
    this.#combobox.value = text;
    this.#combobox.close();
    this.#forgive();
  }

  #erase() {
    this.#set(this.input.value.slice(0, -1));
    if (this.#delete.hidden) this.#ui.focus(this.input);
  }

  /** Hide the error while the user corrects the input. */
  #forgive() {
    this.#delete.hidden = this.input.value === "";
    if (this.#ui.store.state.failures.dial) {
      this.#ui.store.dispatch({ type: "forgiven", place: "dial" });
    }
  }
}
