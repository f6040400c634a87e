/**
 * The card of one call: the other side, the state, the duration and the buttons.
 *
 * @import {Call} from "../common/protocol.d.ts"
 * @import {Place, State} from "./state.js"
 * @import {Ui} from "./ui.js"
 */

import { grouped } from "../common/grouped.js";
import { CallTools } from "./call-tools.js";
import { isIncoming, isTalking, keyOf, partyIn } from "./calls.js";
import { button, h, onClick, setBusy, setText } from "./dom.js";
import { wordsFor } from "./failures.js";
import { offers } from "./features.js";
import { newId } from "./field.js";
import { clock, initials } from "./format.js";
import { icon } from "./icons.js";
import { isPaired } from "./pair.js";
import { hintFor, nameFor, stateKey } from "./sentences.js";
import { TonesView } from "./tones-view.js";
import { TransferView } from "./transfer-view.js";

export class CallView {
  #ui;
  #call;
  #state = h("span", { class: "pill", part: "call-state" });
  #timer = h("span", { class: "timer", part: "timer", role: "timer", dir: "ltr" });
  #avatar = h("span", { class: "avatar big", "aria-hidden": "true" });
  #nobody = h("span", { class: "avatar big", "aria-hidden": "true" }, icon("person"));
  #name = h("p", { class: "call-name", part: "call-name", dir: "auto", id: newId() });
  #number = h("bdi", { class: "call-number", part: "call-number", dir: "ltr" });
  #hint = h("p", { class: "muted call-hint" });
  #error = h("p", { class: "field-error", part: "error" });
  #end = button({ class: "button stop", part: "button hang-up" }, icon("phone"));
  #endText = h("span");
  #answer = button({ class: "button go", part: "button answer" }, icon("phone"));
  #silence = button({ class: "icon-button", part: "icon-button" }, icon("silent"));
  #form;
  #tools;
  #tones;

  /**
   * @param {Ui} ui
   * @param {Call} call
   */
  constructor(ui, call) {
    this.#ui = ui;
    this.#call = call;
    const { words, commands, store } = ui;
    const key = keyOf(call);
    this.#form = new TransferView(ui, call, () => this.#openTransfer(false));
    this.#tones = new TonesView(ui, call);
    this.#tools = new CallTools(ui, call, {
      describedBy: this.#name.id,
      transferId: this.#form.element.id,
      keysId: this.#tones.element.id,
      openTransfer: (open) => this.#openTransfer(open),
    });
    this.#answer.append(h("span", {}, words.say("answer")));
    this.#end.append(this.#endText);
    this.#silence.ariaLabel = words.say("silence");
    this.#timer.ariaLabel = words.say("talkTime");
    for (const one of [this.#end, this.#answer, this.#silence]) {
      one.setAttribute("aria-describedby", this.#name.id);
    }
    const line = h("div", { class: "call-line" }, this.#state, this.#timer, this.#silence);
    const who = h("div", { class: "call-text" }, this.#name, this.#number);
    this.element = h(
      "div",
      { class: "call", part: "call", role: "group", "aria-labelledby": this.#name.id },
      line,
      h("div", { class: "call-who" }, this.#avatar, this.#nobody, who),
      this.#hint,
      this.#error,
      h("div", { class: "call-buttons" }, this.#end, this.#answer),
      this.#tools.element,
      this.#form.element,
      this.#tones.element,
    );
    onClick(this.#answer, () => void commands.answer(key));
    onClick(this.#end, () => void commands.hangUp(key));
    onClick(this.#silence, () => {
      store.set({ silenced: [...store.state.silenced, key] });
    });
  }

  /** @returns {HTMLElement} the control that the user most likely needs next */
  get first() {
    return isIncoming(this.#call) ? this.#answer : this.#end;
  }

  /**
   * @param {Call} call
   * @param {State} state
   * @param {State} before
   */
  render(call, state, before) {
    this.#call = call;
    const { words } = this.#ui;
    const key = keyOf(call);
    const place = placeOf(call);
    const { name, number } = partyIn(state, call);
    const incoming = isIncoming(call);
    const talking = isTalking(call);
    const open = talking && state.transfer === key && !isPaired(state, call);

    this.element.dataset.state = incoming ? "incoming" : call.status.toLowerCase();
    setText(this.#state, words.say(stateKey(call)));
    setText(this.#avatar, initials(name));
    setText(this.#name, nameFor(words, state, call));
    setText(this.#number, name ? grouped(number) : "");
    setText(this.#hint, hintFor(words, state, call));
    setText(this.#endText, words.say(incoming ? "decline" : talking ? "hangUp" : "giveUp"));
    this.#answer.hidden = !incoming || !offers(state, "answer");
    this.#end.hidden = !offers(state, "terminate");
    this.#silence.hidden = !incoming || !state.front || !state.tone || state.silenced.includes(key);
    this.#tools.render(call, state);
    this.#tones.render(state, call.status === "CONNECTED" && state.keys === key);
    this.#form.element.hidden = !open;
    this.#form.render(state, before);
    const failure = open ? undefined : state.failures[place];
    setText(this.#error, failure ? wordsFor(words, failure, place) : "");
    const busy = state.pending.includes(place);
    for (const one of [this.#answer, this.#end]) setBusy(one, busy);
    this.element.classList.toggle("busy", busy);
    this.tick(Date.now());
  }

  /** @param {number} now epoch milliseconds */
  tick(now) {
    const { answerTime } = this.#call;
    const talking = isTalking(this.#call) && answerTime !== null;
    setText(this.#timer, talking ? clock((now - answerTime) / 1000) : "");
  }

  /** @param {boolean} open */
  #openTransfer(open) {
    this.#ui.store.set({ transfer: open ? keyOf(this.#call) : "", keys: "", failures: {} });
    if (open) this.#form.open();
    else this.#tools.transfer.focus();
  }
}

/**
 * @param {Call} call
 * @returns {Place}
 */
function placeOf(call) {
  return `call ${keyOf(call)}`;
}
