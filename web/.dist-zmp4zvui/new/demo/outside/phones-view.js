/**
 * The user's own desk phone and everybody else's, with the buttons that phones have.
 *
 * @import {Account, PbxState} from "./pbx.js"
 * @import {PhoneView} from "./legs.js"
 * @import {Row} from "../dom.js"
 */

import { button, byId, fromTemplate, KeyedList, part, setText } from "../dom.js";
import { livePhones, phoneView } from "./legs.js";

/** Seconds after which a phone picks up by itself. */
const PICKUP_AFTER = 2;

/**
 * @typedef {(path: string, body?: object) => void} Control
 * @typedef {(view: PhoneView) => [string, string]} Lines the two lines that a phone shows
 */

export class PhonesView {
  #title = byId("desk-phone-title", HTMLElement);
  #idle = byId("phone-idle", HTMLElement);
  #othersIdle = byId("others-idle", HTMLElement);
  #pickup = byId("pickup", HTMLInputElement);
  #mine;
  #others;
  #userId = "";

  /** @param {Control} control */
  constructor(control) {
    this.#mine = this.#list("my-legs", (view) => [view.other, view.word], control);
    this.#others = this.#list("other-legs", (view) => [view.who, view.what], control);
    this.#pickup.addEventListener("change", () => {
      const after = this.#pickup.checked ? PICKUP_AFTER : null;
      control(`phones/${this.#userId}`, { pickup_after: after });
    });
  }

  /**
   * @param {PbxState} state
   * @param {Account | undefined} me
   */
  render(state, me) {
    this.#userId = me?.id ?? "";
    /** @type {PhoneView[]} */
    const mine = [];
    /** @type {PhoneView[]} */
    const others = [];
    for (const { leg, call } of livePhones(state.calls)) {
      const list = me && leg.node === `user:${me.id}` ? mine : others;
      list.push(phoneView(leg, call));
    }
    this.#mine.update(mine);
    this.#others.update(others);
    this.#othersIdle.hidden = others.length > 0;
    this.#idle.hidden = mine.length > 0;
    setText(this.#idle, me ? "On the hook." : "Log in: your phone appears here.");
    setText(this.#title, me ? `My desk phone · ${me.ext}` : "My desk phone");
    this.#pickup.disabled = !me;
    this.#pickup.checked = me !== undefined && me.phone.pickup_after !== null;
  }

  /**
   * @param {string} id
   * @param {Lines} lines
   * @param {Control} control
   * @returns {KeyedList<PhoneView>}
   */
  #list(id, lines, control) {
    return new KeyedList(
      byId(id, HTMLElement),
      ({ key }) => key,
      () => createPhone(lines, control),
    );
  }
}

/**
 * @param {Lines} lines
 * @param {Control} control
 * @returns {Row<PhoneView>}
 */
function createPhone(lines, control) {
  const element = fromTemplate("leg-template");
  const upper = part(element, "upper", HTMLElement);
  const lower = part(element, "lower", HTMLElement);
  const buttons = part(element, "buttons", HTMLElement);
  let shown = "";
  return {
    element,
    update(view) {
      element.dataset.mood = view.mood;
      const [first, second] = lines(view);
      setText(upper, first);
      setText(lower, second);
      const wanted = JSON.stringify(view.actions);
      if (wanted === shown) return;
      shown = wanted;
      const focused = buttons.contains(document.activeElement);
      buttons.replaceChildren(
        ...view.actions.map(({ text, verb, body }) => {
          const made = button(text, "btn btn-sm btn-secondary", () =>
            control(`calls/${view.call.id}/${verb}`, body),
          );
          made.setAttribute("aria-label", `${text}: ${view.who}`);
          return made;
        }),
      );
      if (focused) buttons.querySelector("button")?.focus({ preventScroll: true });
    },
  };
}
