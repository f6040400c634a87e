/**
 * The recent calls. Each is a button that calls again.
 *
 * @import {Recent} from "./recents.js"
 * @import {State} from "./state.js"
 * @import {Ui} from "./ui.js"
 * @import {Words} from "./words/en.js"
 */

import { grouped } from "../common/grouped.js";
import { button, h, KeyedList, onClick } from "./dom.js";
import { countUnseen, isMissed } from "./history.js";
import { icon } from "./icons.js";

export class RecentsView {
  #ui;
  #list;
  #rows;
  #empty;
  #clear;

  /** @param {Ui} ui */
  constructor(ui) {
    this.#ui = ui;
    const { words } = ui;
    this.#rows = h("ul", { class: "recents", part: "recents", role: "list" });
    this.#rows.ariaLabel = words.say("recent");
    this.#list = new KeyedList(
      this.#rows,
      (/** @type {Recent} */ { key }) => key,
      (recent) => this.#row(recent),
    );
    this.#empty = h("p", { class: "muted empty" }, words.say("noRecents"));
    this.#clear = button({ class: "button quiet small", part: "button" }, words.say("clearRecents"));
    onClick(this.#clear, () => ui.store.set({ recents: [], cleared: Date.now() }));
    this.element = h("div", { class: "recent-body" }, this.#rows, this.#empty, this.#clear);
  }

  /**
   * @param {State} state
   * @param {State} before
   */
  render({ recents, seen }, before) {
    if (countUnseen(recents, seen) > 0 && this.element.checkVisibility() && !document.hidden) {
      // The clock of the server can be ahead.
      const last = Math.max(...recents.map(({ endTime }) => endTime));
      this.#ui.store.set({ seen: Math.max(Date.now(), last) });
    }
    if (recents === before.recents && this.#empty.hidden === recents.length > 0) return;
    this.#list.update(recents);
    this.#rows.hidden = this.#clear.hidden = recents.length === 0;
    this.#empty.hidden = recents.length > 0;
  }

  /** @param {Recent} recent */
  #row(recent) {
    const made = button({ class: "recent", part: "recent" });
    onClick(made, () => this.#ui.commands.call(recent.number));
    const element = h("li", {}, made);
    return { element, update: (/** @type {Recent} */ now) => this.#fill(made, now) };
  }

  /**
   * @param {HTMLButtonElement} row
   * @param {Recent} recent
   */
  #fill(row, recent) {
    const { direction, number, name, startTime, answerTime, endTime } = recent;
    const { words } = this.#ui;
    const { format } = words;
    const inbound = direction === "INBOUND";
    const missed = isMissed(recent);
    const word = words.say(missed ? "recentMissed" : kindOf(inbound, answerTime !== null));
    const length = answerTime === null ? "" : format.duration((endTime - answerTime) / 1000);
    const party = name || grouped(number) || words.say("anonymous");
    const time = h("time", {}, format.when(startTime, Date.now()));
    time.dateTime = new Date(startTime).toISOString();
    row.dataset.kind = missed ? "missed" : "";
    row.ariaDisabled = number ? null : "true";
    row.replaceChildren(
      h("span", { class: "unseen" }, words.say("call")),
      icon(missed ? "missed" : inbound ? "incoming" : "outgoing"),
      h("span", { class: "recent-name", dir: "auto" }, party),
      h("span", { class: "recent-when" }, time),
      h("span", { class: "recent-what" }, length ? `${word} · ${length}` : word),
    );
  }
}

/**
 * @param {boolean} inbound
 * @param {boolean} answered
 * @returns {keyof Words}
 */
function kindOf(inbound, answered) {
  if (inbound) return "recentIn";
  return answered ? "recentOut" : "recentFailed";
}
