/** ARIA tabs: they have one tab stop, and the arrow keys select a tab. */

import { button, h, setAttribute } from "./dom.js";
import { newId } from "./field.js";

/** @typedef {{name: string, label: string, content: HTMLElement}} Tab */

export class Tabs {
  #tabs;
  #buttons;
  /** @type {Map<string, HTMLElement>} */
  #badges = new Map();
  #choose;

  /**
   * @param {string} label
   * @param {Tab[]} tabs
   * @param {(name: string) => void} choose
   */
  constructor(label, tabs, choose) {
    this.#tabs = tabs;
    this.#choose = choose;
    const panels = tabs.map(({ content }) => h("div", { id: newId(), role: "tabpanel" }, content));
    this.#buttons = tabs.map((tab, at) => {
      const id = newId();
      const badge = h("span", { class: "tab-badge", part: "tab-badge" });
      badge.hidden = true;
      this.#badges.set(tab.name, badge);
      const panel = panels[at];
      const made = button({ id, role: "tab", class: "tab", part: "tab" }, tab.label, badge);
      if (panel) {
        made.setAttribute("aria-controls", panel.id);
        panel.setAttribute("aria-labelledby", id);
      }
      made.addEventListener("click", () => choose(tab.name));
      return made;
    });
    const list = h("div", { role: "tablist", class: "tabs", part: "tabs" }, ...this.#buttons);
    list.ariaLabel = label;
    list.hidden = tabs.length < 2;
    list.addEventListener("keydown", (event) => this.#onKeyDown(event));
    this.element = h("div", { class: "tabbed" }, list, ...panels);
  }

  /** @param {string} name */
  select(name) {
    this.#tabs.forEach((tab, at) => {
      const chosen = tab.name === name;
      const made = this.#buttons[at];
      if (!made) return;
      setAttribute(made, "aria-selected", String(chosen));
      made.tabIndex = chosen ? 0 : -1;
      const panel = tab.content.parentElement;
      if (panel) panel.hidden = !chosen;
    });
  }

  /**
   * @param {string} name of a tab
   * @param {number} count `0` for no badge
   * @param {string} label what the number counts
   */
  count(name, count, label) {
    const badge = this.#badges.get(name);
    if (!badge) return;
    badge.hidden = count === 0;
    if (badge.dataset.label === label) return;
    badge.dataset.label = label;
    const number = h("span", { "aria-hidden": "true" }, count > 99 ? "99+" : String(count));
    badge.replaceChildren(number, h("span", { class: "unseen" }, label));
  }

  /** @param {KeyboardEvent} event */
  #onKeyDown(event) {
    const at = this.#buttons.findIndex((one) => one === event.target);
    const rightToLeft = getComputedStyle(this.element).direction === "rtl";
    const forward = rightToLeft ? "ArrowLeft" : "ArrowRight";
    const backward = rightToLeft ? "ArrowRight" : "ArrowLeft";
    const { length } = this.#buttons;
    const next = {
      [forward]: (at + 1) % length,
      [backward]: (at - 1 + length) % length,
      Home: 0,
      End: length - 1,
    }[event.key];
    const tab = next === undefined ? undefined : this.#tabs[next];
    if (at < 0 || next === undefined || !tab) return;
    event.preventDefault();
    this.#choose(tab.name);
    this.#buttons[next]?.focus();
  }
}
