/**
 * Click-to-call: clickable telephone numbers on the page.
 *
 * To match calls with elements, the clicks of a page are sent one after the other. The next click is
 * sent only after INITIAL or an error has answered the last one. An INITIAL to that number
 * therefore belongs to the one click that waits, and two quick clicks cannot be mixed up. The promise
 * of `call()` returns the call again when the own phone has answered. If another page started a call
 * to the same number at the same moment, this corrects the match.
 *
 * @import {Connector} from "./connector.js"
 * @import {CallEvent, CallEventName, ClickState, ClickToCallOptions, CtiEvent, DetectedNumber, DetectText,
 *   PageSigns} from "../common/protocol.d.ts"
 */

import { Announcer } from "./announcer.js";
import { CtiError } from "../common/errors.js";
import { isModified } from "./keys.js";
import { mayBe, NUMBER_SELECTOR, numberOf } from "./numbers.js";
import { Reachable } from "./keyboard-access.js";

/** The texts for screen readers. @type {Record<ClickState, string>} */
const TEXTS = {
  waiting: "Connecting. Then {number} is called.",
  initial: "Calling {number}: your phone rings.",
  accepted: "Calling {number}: you have answered.",
  ringing: "{number} rings.",
  connected: "{number} has answered.",
  on_hold: "The call to {number} is on hold.",
  hangup: "The call to {number} has ended.",
  cancel: "The call to {number} was not connected.",
};

const STATE = "data-cti-state";

/**
 * One click, until its call has ended.
 *
 * @typedef Click
 * @property {Element} element
 * @property {string} number first as written on the page, later as it is called
 * @property {string} country the country that an element around it names, or `""`
 * @property {string} requestId `""` until INITIAL
 * @property {() => void} answered called when the next click can be sent
 */

/**
 * How numbers in text are found and called: with a separate script, and Python.
 *
 * @typedef Detection
 * @property {string} url
 * @property {(texts: DetectText[], signs: PageSigns) => Promise<DetectedNumber[]>} ask
 * @property {(number: string, country: string, signs?: PageSigns) => Promise<any>} call
 * @property {() => boolean} expected whether the page is connected, or about to be
 * @property {boolean} atHome whether the connector accepts national numbers
 */

/** Handles the numbers inside one root. */
export class ClickToCall {
  #connector;
  #root;
  #texts;
  #linger;
  #detection;
  #announcer;
  #reachable;
  #stop = new AbortController();
  /** @type {Map<Element, Click>} clicks whose call has not ended */
  #clicks = new Map();
  /** @type {Map<Element, ReturnType<typeof setTimeout>>} states of ended calls that are still shown */
  #lingering = new Map();
  /** @type {Click | null} the click that waits for its INITIAL */
  #current = null;
  #last = Promise.resolve();
  /** @type {{stop: () => void} | undefined} */
  #detector;

  /**
   * @param {Connector} connector
   * @param {ClickToCallOptions} options
   * @param {number} linger milliseconds
   * @param {Detection} detection
   */
  constructor(connector, { root = document, texts, detect }, linger, detection) {
    if (!(root instanceof Node)) throw new CtiError("BAD_OPTIONS", "root must be a DOM node.");
    this.#connector = connector;
    this.#root = root;
    this.#texts = { ...TEXTS, ...texts };
    this.#linger = linger;
    this.#detection = detection;
    this.#announcer = new Announcer(root.ownerDocument ?? document);
    this.#reachable = new Reachable(root);
    const { signal } = this.#stop;
    root.addEventListener("click", (event) => this.#onClick(event), { signal });
    root.addEventListener("keydown", (event) => this.#onKeyDown(event), { signal });
    if (detect) this.#detect();
  }

  async #detect() {
    const { url, ask } = this.#detection;
    try {
      const { Detector } = await import(url);
      if (!this.#stop.signal.aborted) this.#detector = new Detector(this.#root, ask);
    } catch (error) {
      console.error("Cti: numbers in text are not detected:", error);
    }
  }

  /** @param {CtiEvent} event */
  onEvent(event) {
    if ("call" in event) this.#follow(event);
    else if (event.name === "LOGGED_OUT") this.#clear();
  }

  disable() {
    this.#stop.abort();
    this.#clear();
    this.#detector?.stop();
    this.#reachable.stop();
    this.#announcer.remove();
  }

  /** @param {Event} event */
  #onClick(event) {
    if (!(event instanceof MouseEvent) || event.button !== 0 || isModified(event)) return;
    this.#press(event, this.#find(event));
  }

  /** @param {Event} event */
  #onKeyDown(event) {
    if (!(event instanceof KeyboardEvent) || event.isComposing || isModified(event)) return;
    // The browser turns Enter on a link into a click. Only the elements that we made focusable need this.
    const [target] = event.composedPath();
    if (!(target instanceof Element) || !this.#reachable.has(target)) return;
    if (event.key !== "Enter" && event.key !== " ") return;
    if (event.repeat) event.preventDefault();
    else this.#press(event, target);
  }

  /**
   * @param {Event} event
   * @returns {Element | undefined} the innermost number at the target, also in an open shadow tree
   */
  #find(event) {
    for (const target of event.composedPath()) {
      if (target instanceof Element && target.matches(NUMBER_SELECTOR)) return target;
      if (target === this.#root) return undefined;
    }
    return undefined;
  }

  /**
   * @param {Event} event
   * @param {Element | undefined} element
   */
  #press(event, element) {
    if (!element || event.defaultPrevented || !this.#detection.expected()) return;
    const number = numberOf(element);
    if (number === null) return;
    event.preventDefault();
    if (this.#clicks.has(element)) return;
    this.#hide(element);
    const country = countryOf(event);
    this.#last = this.#last.then(() => this.#send(element));
    // Set at once, so that a double click makes one call.
    const click = { element, number, country, requestId: "", answered: () => {} };
    this.#clicks.set(element, click);
    if (!this.#connector.isConnected()) this.#show(click, "waiting");
  }

  /**
   * @param {Element} element
   * @returns {Promise<void>} fulfils when INITIAL or the outcome has arrived
   */
  async #send(element) {
    const click = this.#clicks.get(element);
    if (!click) return;
    const { number, country } = click;
    const signs = country || number.includes("+") ? undefined : await this.#signs();
    if (this.#clicks.get(element) !== click) return;
    await /** @type {Promise<void>} */ (new Promise((resolve) => {
      click.answered = () => {
        if (this.#current === click) this.#current = null;
        resolve();
      };
      this.#current = click;
      this.#detection.call(number, country, signs).then(
        (outcome) => this.#onAccepted(click, outcome),
        (error) => this.#onRefused(click, error),
      );
    }));
  }

  /** @returns {Promise<PageSigns | undefined>} the signs of the page's country */
  async #signs() {
    if (!this.#detection.atHome) return undefined;
    try {
      return (await import(this.#detection.url)).signsOf(document);
    } catch {
      return undefined; // Without signs, the default country applies.
    }
  }

  /**
   * @param {Click} click
   * @param {unknown} outcome the ACCEPTED event, or an INFO event if nothing was sent
   */
  #onAccepted(click, outcome) {
    const event = /** @type {CtiEvent} */ (outcome);
    click.answered();
    if (this.#clicks.get(click.element) !== click) return;
    if (event && "call" in event) {
      const known = click.requestId;
      click.requestId = event.call.requestId;
      click.number = event.call.destination;
      if (known !== click.requestId) this.#show(click, event.name);
    } else if (!click.requestId) {
      this.#end(click, event?.message);
    }
  }

  /**
   * @param {Click} click
   * @param {CtiError} error
   */
  #onRefused(click, error) {
    click.answered();
    // With a requestId the call exists, and its CANCEL reports the error.
    if (click.requestId || this.#clicks.get(click.element) !== click) return;
    this.#end(click, error.message);
  }

  /**
   * @param {Click} click made no call
   * @param {string | undefined} message
   */
  #end({ element }, message) {
    this.#clicks.delete(element);
    this.#hide(element);
    if (message) this.#announcer.say(message);
  }

  /** @param {CallEvent} event */
  #follow({ name, call, replay }) {
    if (!call.requestId) return;
    const current = this.#current;
    if (name === "INITIAL" && !replay && current && mayBe(call.destination, current.number)) {
      current.requestId = call.requestId;
      current.number = call.destination;
      current.answered();
    }
    for (const click of this.#clicks.values()) {
      if (click.requestId === call.requestId) this.#show(click, name);
    }
  }

  /**
   * @param {Click} click
   * @param {CallEventName | "waiting"} name
   */
  #show({ element, number }, name) {
    const state = /** @type {ClickState} */ (name.toLowerCase());
    if (element.getAttribute(STATE) === state) return;
    element.setAttribute(STATE, state);
    this.#announcer.say(this.#texts[state].replaceAll("{number}", () => number));
    if (name !== "HANGUP" && name !== "CANCEL") return;
    this.#clicks.delete(element);
    this.#lingering.set(
      element,
      setTimeout(() => this.#hide(element), this.#linger),
    );
  }

  /** @param {Element} element */
  #hide(element) {
    clearTimeout(this.#lingering.get(element));
    this.#lingering.delete(element);
    element.removeAttribute(STATE);
  }

  #clear() {
    const clicks = [...this.#clicks.values()];
    const elements = [...this.#clicks.keys(), ...this.#lingering.keys()];
    this.#clicks.clear();
    for (const click of clicks) click.answered();
    for (const element of elements) this.#hide(element);
  }
}

/**
 * @param {Event} event
 * @returns {string} the country that the innermost element around its target names, or `""`
 */
function countryOf(event) {
  for (const target of event.composedPath()) {
    const country = target instanceof Element && target.getAttribute("data-cti-country");
    if (country) return country;
  }
  return "";
}
