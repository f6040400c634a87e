/**
 * The buttons of a connected call: hold, transfer, keypad and park. Only what the server offers is
 * shown.
 *
 * @import {Call} from "../common/protocol.d.ts"
 * @import {State} from "./state.js"
 * @import {Ui} from "./ui.js"
 */

import { isTalking, keyOf } from "./calls.js";
import { button, h, onClick, setAttribute, setBusy, setText } from "./dom.js";
import { icon } from "./icons.js";
import { isPaired } from "./pair.js";
import { canTransfer, offers } from "./features.js";

export class CallTools {
  #hold;
  #holdText = h("span");
  #keys;
  #park;
  #ui;

  /**
   * @param {Ui} ui
   * @param {Call} call
   * @param {object} given
   * @param {string} given.describedBy the id of the element with the call's name
   * @param {string} given.transferId the id of the transfer form
   * @param {string} given.keysId the id of the call's keypad
   * @param {(open: boolean) => void} given.openTransfer
   */
  constructor(ui, call, { describedBy, transferId, keysId, openTransfer }) {
    this.#ui = ui;
    const { words, commands, store } = ui;
    const key = keyOf(call);
    const tool = (/** @type {string} */ name, /** @type {string} */ part, /** @type {Node} */ text) => {
      const made = button({ class: "button secondary tool", part: `button ${part}` }, icon(name), text);
      made.setAttribute("aria-describedby", describedBy);
      return made;
    };
    this.#hold = tool("hold", "hold", this.#holdText);
    this.transfer = tool("transfer", "transfer", h("span", {}, words.say("transfer")));
    this.#keys = tool("keys", "keys", h("span", {}, words.say("tones")));
    this.#park = tool("park", "park", h("span", {}, words.say("park")));
    this.transfer.setAttribute("aria-controls", transferId);
    this.#keys.setAttribute("aria-controls", keysId);
    this.element = h("div", { class: "tools" }, this.#hold, this.transfer, this.#keys, this.#park);
    onClick(this.#hold, () => commands.hold(key, !this.#held));
    onClick(this.transfer, () => openTransfer(store.state.transfer !== key));
    onClick(this.#keys, () => {
      const open = store.state.keys !== key;
      store.set({ keys: open ? key : "", transfer: "" });
    });
    onClick(this.#park, () => commands.park(key));
  }

  #held = false;

  /**
   * @param {Call} call
   * @param {State} state
   */
  render(call, state) {
    const { words } = this.#ui;
    const key = keyOf(call);
    const talking = isTalking(call);
    const connected = call.status === "CONNECTED";
    const paired = isPaired(state, call);
    this.#held = call.status === "ON_HOLD";
    setText(this.#holdText, words.say(this.#held ? "resume" : "hold"));
    setAttribute(this.#hold, "data-held", this.#held && "true");
    // With two calls, the buttons between their cards resume and transfer.
    this.#hold.hidden = !talking || !offers(state, "hold") || (paired && this.#held);
    this.transfer.hidden = !talking || paired || !canTransfer(state);
    this.#keys.hidden = !connected || !offers(state, "digits");
    this.#park.hidden = !talking || paired || !offers(state, "park");
    setAttribute(this.transfer, "aria-expanded", String(state.transfer === key));
    setAttribute(this.#keys, "aria-expanded", String(connected && state.keys === key));
    const all = [this.#hold, this.transfer, this.#keys, this.#park];
    this.element.hidden = all.every((one) => one.hidden);
    const busy = state.pending.includes(`call ${key}`);
    for (const one of [this.#hold, this.#park]) setBusy(one, busy);
  }
}
