/**
 * One call: who it is, how it stands, and what can be done with it.
 *
 * @import {Call} from "../src/common/protocol.d.ts"
 * @import {Colleague} from "./colleagues.js"
 */

import { fromTemplate, part, setText } from "./dom.js";
import { isIncoming } from "./state.js";
import { nameOf, partyOf, stateOf, talkTime, tipOf } from "./words.js";

const { CALL_STATUS } = Cti;

let lastNumber = 0;

export class CallCard {
  element = fromTemplate("call-template");
  #state = part(this.element, "state", HTMLElement);
  #timer = part(this.element, "timer", HTMLElement);
  #name = part(this.element, "name", HTMLElement);
  #number = part(this.element, "number", HTMLElement);
  #tip = part(this.element, "tip", HTMLElement);
  #answer = part(this.element, "answer", HTMLButtonElement);
  #terminate = part(this.element, "terminate", HTMLButtonElement);
  #transfer = part(this.element, "transfer", HTMLButtonElement);
  #form = part(this.element, "form", HTMLFormElement);
  #colleague = part(this.element, "colleague", HTMLSelectElement);
  #target = part(this.element, "target", HTMLInputElement);
  #call;

  /**
   * @param {Window["connector"]} connector
   * @param {Call} call
   */
  constructor(connector, call) {
    this.#call = call;
    this.#label();
    this.#answer.addEventListener("click", () => connector.answer(this.#call.id));
    this.#terminate.addEventListener("click", () => connector.terminate(this.#call.id));
    this.#transfer.addEventListener("click", () => this.#openTransfer(Boolean(this.#form.hidden)));
    this.#colleague.addEventListener("change", () => {
      this.#target.value = this.#colleague.value;
    });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      connector.transfer(this.#call.id, this.#target.value);
    });
    this.#form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#openTransfer(false);
    });
    part(this.element, "cancel", HTMLButtonElement).addEventListener("click", () =>
      this.#openTransfer(false),
    );
  }

  /** @param {Call} call */
  update(call) {
    this.#call = call;
    const { name, number } = partyOf(call);
    const connected =
      call.status === CALL_STATUS.CONNECTED || call.status === CALL_STATUS.ON_HOLD;
    const incoming = isIncoming(call);
    const before = document.activeElement;

    this.element.dataset.status = incoming ? "INCOMING" : call.status;
    this.#state.dataset.state = incoming ? "incoming" : call.status.toLowerCase();
    setText(this.#state, stateOf(call));
    setText(this.#name, nameOf(call));
    setText(this.#number, name ? number : "");
    setText(this.#tip, tipOf(call));
    setText(this.#terminate, incoming ? "Decline" : connected ? "Terminate" : "Cancel the call");
    this.#answer.hidden = !incoming;
    this.#transfer.hidden = !connected;
    if (!connected) this.#form.hidden = true;
    this.tick();

    // "Answer" has done its work and is gone: the focus stays in this card.
    if (before && this.element.contains(before) && before.closest("[hidden]")) {
      this.#terminate.focus({ preventScroll: true });
    }
  }

  /** A second has passed. */
  tick() {
    setText(this.#timer, talkTime(this.#call, Date.now()));
  }

  /** @param {Colleague[]} colleagues */
  setColleagues(colleagues) {
    const options = colleagues.map(({ name, extension, busy }) => {
      const text = `${name} · ${extension}${busy ? " · do not disturb" : ""}`;
      return new Option(text, extension);
    });
    this.#colleague.replaceChildren(new Option("Choose…", ""), ...options);
  }

  /** @param {boolean} open */
  #openTransfer(open) {
    this.#form.hidden = !open;
    this.#transfer.setAttribute("aria-expanded", String(open));
    if (open) this.#colleague.focus();
    else this.#transfer.focus();
  }

  /** Labels need ids, and every card its own. */
  #label() {
    lastNumber += 1;
    /** @type {[string, string, HTMLElement][]} */
    const pairs = [
      ["colleague", "colleague-label", this.#colleague],
      ["target", "target-label", this.#target],
    ];
    for (const [name, label, field] of pairs) {
      field.id = `${name}-${lastNumber}`;
      part(this.element, label, HTMLLabelElement).htmlFor = field.id;
    }
    this.#name.id = `call-${lastNumber}`;
    this.#form.id = `transfer-${lastNumber}`;
    this.#transfer.setAttribute("aria-controls", this.#form.id);
    this.element.setAttribute("aria-labelledby", this.#name.id);
  }
}
