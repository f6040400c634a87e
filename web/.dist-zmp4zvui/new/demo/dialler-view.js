/**
 * Step 2, ready: a number and a button. The connector checks the number and says what is wrong.
 *
 * @import {State} from "./state.js"
 */

import { byId } from "./dom.js";
import { isUsable } from "./state.js";

export class DiallerView {
  #section = byId("phone", HTMLElement);
  #nodes = byId("nodes", HTMLElement);
  #number = byId("number", HTMLInputElement);

  /** @param {Window["connector"]} connector */
  constructor(connector) {
    byId("dialler", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      connector.call(this.#number.value);
      this.#number.select();
    });
  }

  /** @param {State} state */
  render(state) {
    this.#section.hidden = this.#nodes.hidden = !isUsable(state);
  }
}
