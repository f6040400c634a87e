/**
 * One colleague. The light has a colour, a shape and a word.
 *
 * @import {Presence} from "../common/protocol.d.ts"
 * @import {Colleague} from "./colleagues.js"
 * @import {State} from "./state.js"
 * @import {Ui} from "./ui.js"
 * @import {Words} from "./words/en.js"
 */

import { isTalking, keyOf } from "./calls.js";
import { button, h, onClick, setAttribute, setBusy, setText } from "./dom.js";
import { offers } from "./features.js";
import { icon } from "./icons.js";

/** @type {Record<Presence, keyof Words>} */
const WORDS = {
  free: "presenceFree",
  ringing: "presenceRinging",
  talking: "presenceTalking",
  "on-hold": "presenceOnHold",
  "do-not-disturb": "doNotDisturb",
  offline: "presenceOffline",
  unknown: "presenceUnknown",
};

export class PersonRow {
  #ui;
  #person;
  #star;
  #light = h("span", { class: "light", part: "light", "aria-hidden": "true" });
  #name = h("span", { class: "person-name", dir: "auto" });
  #extension = h("bdi", { dir: "ltr" });
  #word = h("span", { class: "person-word" });
  #pickUp;
  #transfer;
  #call;

  /**
   * @param {Ui} ui
   * @param {Colleague} person
   */
  constructor(ui, person) {
    this.#ui = ui;
    this.#person = person;
    const { commands } = ui;
    this.#star = iconButton("star", () => commands.favour(person.id));
    this.#pickUp = iconButton("incoming", () => commands.pickUp(person.id));
    this.#transfer = iconButton("transfer", () => {
      const call = transferable(ui.store.state);
      if (call) commands.transfer(keyOf(call), this.#person.extension);
    });
    this.#call = iconButton("phone", () => commands.call(this.#person.extension));
    this.#pickUp.classList.add("pick-up");
    this.element = h(
      "li",
      { class: "person", part: "person", "data-person": person.id },
      this.#star,
      h(
        "span",
        { class: "person-text" },
        this.#name,
        h("span", { class: "person-line" }, this.#light, this.#word, " · ", this.#extension),
      ),
      this.#pickUp,
      this.#transfer,
      this.#call,
    );
  }

  /**
   * @param {Colleague} person
   * @param {State} state
   */
  render(person, state) {
    this.#person = person;
    const { words } = this.#ui;
    const { name, extension, id } = person;
    const presence = presenceOf(state, person);
    setText(this.#name, name);
    setText(this.#extension, extension);
    setText(this.#word, words.say(WORDS[presence]));
    this.#light.dataset.presence = presence;
    this.element.dataset.presence = presence;
    setAttribute(this.#star, "aria-label", words.say("favourite", { name }));
    setAttribute(this.#star, "aria-pressed", String(state.favourites.includes(id)));
    setAttribute(this.#call, "aria-label", words.say("callPerson", { name }));
    setAttribute(this.#transfer, "aria-label", words.say("transferPerson", { name }));
    setAttribute(this.#pickUp, "aria-label", words.say("pickUpPerson", { name }));
    const call = transferable(state);
    this.#transfer.hidden = !call || !offers(state, "transfer");
    this.#pickUp.hidden = presence !== "ringing" || !offers(state, "pickup");
    setBusy(this.#pickUp, state.pending.includes("people"));
    setBusy(this.#transfer, call !== undefined && state.pending.includes(`call ${keyOf(call)}`));
    setBusy(this.#call, state.pending.includes("dial"));
  }
}

/**
 * @param {State} state
 * @param {Colleague} person
 * @returns {Presence}
 */
function presenceOf({ presences }, { id, busy }) {
  const told = presences[id] ?? "unknown";
  // The list of users has only this.
  return told === "unknown" && busy ? "do-not-disturb" : told;
}

/**
 * @param {State} state
 * @returns {State["calls"][0] | undefined} the call that a click transfers: the one that is connected
 */
function transferable({ calls }) {
  const talking = calls.filter(isTalking);
  return talking.length === 1 ? talking[0] : talking.find(({ status }) => status === "CONNECTED");
}

/**
 * @param {string} name
 * @param {() => void} action
 */
function iconButton(name, action) {
  const made = button({ class: "icon-button", part: "icon-button" }, icon(name));
  onClick(made, action);
  return made;
}
