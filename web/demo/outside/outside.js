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

/**
 * @param {() => Promise<unknown>} ask makes a request of the page's user to the API
 * @returns {{setUser: (userId: string) => void}} tells the panel who is logged in
 */
export function startOutside(ask) {
  const panel = new OutsidePanel(ask);
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

  /** @param {() => Promise<unknown>} ask */
  constructor(ask) {
    byId("incoming", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      const from = byId("caller-number", HTMLInputElement).value.replace(/[\s().-]/g, "");
      const name = byId("caller-name", HTMLInputElement).value.trim();
      this.#control("incoming", { to: this.#called.value, from, name });
    });
    byId("drop", HTMLButtonElement).addEventListener("click", async () => {
      if (await this.#control("drop")) this.#tell("Connection dropped. It is restored by itself.");
    });
    byId("expire", HTMLButtonElement).addEventListener("click", async () => {
      if (this.#userId === "") this.#tell("Log in first: there is no session yet.");
      else if (await this.#control("expire-tokens")) {
        this.#tell("Session expired.");
        // The server tells with the next answer, so the page asks for something.
        await ask();
      }
    });
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
   * @returns {Promise<boolean>} whether the PBX did it
   */
  async #control(path, body) {
    try {
      await control(path, body);
      this.#tell("");
      return true;
    } catch (error) {
      this.#tell(error instanceof Error ? error.message : String(error), "problem");
      return false;
    }
  }

  /**
   * @param {string} text
   * @param {"done" | "problem"} [kind]
   */
  #tell(text, kind = "done") {
    this.#status.textContent = text;
    this.#status.dataset.kind = kind;
  }
}
