/**
 * ERROR and INFO events as alerts that can be read and dismissed.
 *
 * @import {Notice, State} from "./state.js"
 * @import {Row} from "./dom.js"
 */

import { byId, fromTemplate, KeyedList, part } from "./dom.js";

export class NoticesView {
  #region = byId("notices", HTMLElement);
  /** @type {KeyedList<Notice>} */
  #list;
  /** @type {Notice[]} */
  #shown = [];
  #update;

  /** @param {(change: Partial<State>) => void} update */
  constructor(update) {
    this.#update = update;
    this.#list = new KeyedList(
      this.#region,
      ({ number }) => String(number),
      (notice) => this.#create(notice),
    );
    this.#region.addEventListener("keydown", (event) => {
      const [newest] = this.#shown;
      if (event.key === "Escape" && newest) this.#dismiss(newest);
    });
  }

  /** @param {State} state */
  render({ notices }) {
    this.#shown = notices;
    this.#list.update(notices);
  }

  /**
   * @param {Notice} notice
   * @returns {Row<Notice>}
   */
  #create(notice) {
    const element = fromTemplate("notice-template");
    element.dataset.kind = notice.kind;
    part(element, "message", HTMLElement).textContent = notice.message;
    const hint = part(element, "hint", HTMLElement);
    hint.textContent = notice.hint;
    hint.hidden = notice.hint === "";
    const close = part(element, "close", HTMLButtonElement);
    close.addEventListener("click", () => this.#dismiss(notice));
    return { element, update() {} };
  }

  /** @param {Notice} notice */
  #dismiss({ number }) {
    this.#update({ notices: this.#shown.filter((shown) => shown.number !== number) });
    // The button that had the focus is gone.
    const next = this.#region.querySelector("button") ?? byId("page", HTMLElement);
    next.focus({ preventScroll: true });
  }
}
