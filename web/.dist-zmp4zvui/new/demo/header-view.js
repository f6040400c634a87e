/**
 * The top of the page: connection, user, the five steps, the title, and what is read out.
 *
 * @import {CtiEvent} from "../src/common/protocol.d.ts"
 * @import {Connection, State} from "./state.js"
 */

import { byId, setText } from "./dom.js";
import { hasEnded, isIncoming, isOwn, isUsable, keyOf, ownCalls, stepsOf } from "./state.js";
import { announcementOf, nameOf, outcomeOf } from "./words.js";

const { EVENT } = Cti;

/** @type {Record<Connection, string>} */
const CONNECTIONS = {
  off: "Not connected",
  starting: "Connecting",
  code: "Not connected",
  connecting: "Connecting",
  ready: "Ready",
  lost: "Reconnecting",
};

const SITE = "Cti.Platform";

export class HeaderView {
  #connection = byId("connection", HTMLElement);
  #user = byId("user", HTMLElement);
  #logout = byId("logout", HTMLButtonElement);
  #steps = byId("steps", HTMLElement).querySelectorAll("li");
  #sayNow = byId("say-now", HTMLElement);
  #saySoon = byId("say-soon", HTMLElement);

  /** @param {Window["connector"]} connector */
  constructor(connector) {
    this.#logout.addEventListener("click", () => connector.logout());
  }

  /** @param {State} state */
  render(state) {
    setText(this.#connection, CONNECTIONS[state.connection]);
    this.#connection.dataset.state = state.connection;

    this.#user.hidden = this.#logout.hidden = state.userId === "";
    const user = state.colleagues.find(({ id }) => id === state.userId);
    setText(this.#user, user ? `${user.name} · ${user.extension}` : state.userId);

    const active = stepsOf(state);
    for (const item of this.#steps) {
      const current = [...active].some((step) => step === item.dataset.step);
      if (current) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    }
    const title = titleOf(state);
    if (document.title !== title) document.title = title;
  }

  /**
   * An incoming call is said at once, and takes the focus from nobody. What has been said is not
   * said again: after a reconnection the events of the running calls come once more.
   *
   * @param {State} state
   * @param {State} before
   * @param {CtiEvent} event
   */
  announce(state, before, event) {
    if ("call" in event) {
      const { call } = event;
      if (!isOwn(state, call)) return;
      const known = before.calls.find((other) => keyOf(other) === keyOf(call));
      if (known?.status === call.status) return;
      const place = isIncoming(call) ? this.#sayNow : this.#saySoon;
      const ended = hasEnded(call) && state.outcome;
      place.textContent = ended ? outcomeOf(ended) : announcementOf(call);
      if (!ownCalls(state).some(isIncoming)) this.#sayNow.textContent = "";
    } else if (event.name === EVENT.LOGGED_OUT) {
      this.#sayNow.textContent = "";
      this.#saySoon.textContent = event.message;
    }
  }
}

/**
 * @param {State} state
 * @returns {string}
 */
function titleOf(state) {
  const calls = ownCalls(state);
  const incoming = calls.find(isIncoming);
  const [call] = calls;
  if (incoming) return `● ${nameOf(incoming)} is calling – ${SITE}`;
  if (call?.answerTime) return `On a call with ${nameOf(call)} – ${SITE}`;
  if (call) return `Calling ${nameOf(call)} – ${SITE}`;
  return `${isUsable(state) ? CONNECTIONS[state.connection] : "Log in"} – ${SITE}`;
}
