/**
 * The panel "The outside world". It stays hidden where there is no embedded PBX, and no customer's
 * page needs anything of it.
 *
 * @import {Account, PbxState} from "./pbx.js"
 */

import { byId } from "../dom.js";
import { control, follow } from "./pbx.js";
import { PhonesView } from "./phones-view.js";
import { showSuggestions } from "./suggestions.js";

/** @returns {{setUser: (userId: string) => void}} tells the panel who is logged in */
export function startOutside() {
  const panel = new OutsidePanel();
  follow((state) => panel.show(state));
  return panel;
}

class OutsidePanel {
  #section = byId("outside", HTMLElement);
  #status = byId("outside-status", HTMLElement);
  #called = byId("called", HTMLSelectElement);
  #phones = new PhonesView((path, body) => void this.#control(path, body));
  /** @type {PbxState | null} */
  #state = null;
  #userId = "";

  constructor() {
    byId("incoming", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      const from = byId("caller-number", HTMLInputElement).value.replace(/[\s().-]/g, "");
      const name = byId("caller-name", HTMLInputElement).value.trim();
      this.#control("incoming", { to: this.#called.value, from, name });
    });
    byId("drop", HTMLButtonElement).addEventListener("click", () => this.#control("drop"));
    byId("expire", HTMLButtonElement).addEventListener("click", () =>
      this.#control("expire-tokens"),
    );
  }

  /** @param {string} userId `""` while nobody is logged in */
  setUser(userId) {
    if (userId === this.#userId) return;
    this.#userId = userId;
    if (!this.#state) return;
    this.#showCalled(this.#state);
    this.show(this.#state);
  }

  /** @param {PbxState} state */
  show(state) {
    if (!this.#state) {
      showSuggestions(state);
      this.#showCalled(state);
      this.#section.hidden = false;
    }
    this.#state = state;
    this.#phones.render(state, this.#me(state));
  }

  /**
   * @param {PbxState} state
   * @returns {Account | undefined}
   */
  #me({ accounts }) {
    return accounts.find(({ id }) => id === this.#userId);
  }

  /** @param {PbxState} state whom a caller from outside can reach */
  #showCalled(state) {
    const me = this.#me(state);
    const others = state.accounts.filter((account) => account !== me);
    this.#called.replaceChildren(
      ...(me ? [new Option(`Me · ${me.ext}`, me.id)] : []),
      ...state.services.map(({ node, name }) => new Option(`${name} · ${node}`, node)),
      ...others.map(({ id, name, ext }) => new Option(`${name} · ${ext}`, id)),
    );
  }

  /**
   * @param {string} path
   * @param {object} [body]
   */
  async #control(path, body) {
    try {
      await control(path, body);
      this.#status.textContent = "";
    } catch (error) {
      this.#status.textContent = error instanceof Error ? error.message : String(error);
    }
  }
}
