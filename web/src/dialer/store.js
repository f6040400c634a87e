/**
 * The state, and the function that is called after each change.
 *
 * @import {Action, State} from "./state.js"
 */

import { reduce, START } from "./state.js";

export class Store {
  /** @type {State} */
  state = START;
  #onChange;

  /** @param {(state: State, before: State) => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  /** @param {Action} action */
  dispatch(action) {
    const before = this.state;
    this.state = reduce(before, action);
    if (this.state !== before) this.#onChange(this.state, before);
  }

  /** @param {Partial<State>} change */
  set(change) {
    this.dispatch({ type: "set", change });
  }
}
