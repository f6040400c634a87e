/**
 * The colleagues: a search field, and a row for each person with a light, and buttons to call, to transfer
 * to them, or to pick up their call. Rows are added while the user scrolls, and only visible rows are
 * followed.
 *
 * @import {Colleague} from "./colleagues.js"
 * @import {State} from "./state.js"
 * @import {Ui} from "./ui.js"
 */

import { h, KeyedList, setText } from "./dom.js";
import { Field } from "./field.js";
import { wordsFor } from "./failures.js";
import { findMembers } from "./people.js";
import { PersonRow } from "./person-row.js";

/** The rows that are added at once. */
const STEP = 40;

export class PeopleView {
  #ui;
  #field;
  #list;
  #rows;
  #end = h("li", { class: "people-end", role: "presentation", "aria-hidden": "true" });
  #empty;
  #error = h("p", { class: "field-error", part: "error", role: "status" });
  #limit = STEP;
  #visible;
  /** @type {State | null} */
  #state = null;

  /** @param {Ui} ui */
  constructor(ui) {
    this.#ui = ui;
    const { words } = ui;
    this.#field = new Field(words.say("searchPeople"), {
      ...{ class: "input", type: "search", autocomplete: "off", spellcheck: "false" },
    });
    this.#rows = h("ul", { class: "people", part: "people", role: "list" });
    this.#rows.ariaLabel = words.say("people");
    this.#empty = h("p", { class: "muted empty", role: "status" }, words.say("noPeople"));
    this.element = h(
      "div",
      { class: "people-body" },
      this.#field.element,
      this.#error,
      this.#rows,
      this.#empty,
    );
    this.#list = new KeyedList(
      this.#rows,
      (/** @type {Colleague} */ { id }) => id,
      (person) => this.#row(person),
    );
    this.#visible = new IntersectionObserver((entries) => this.#onSight(entries), {
      root: this.#rows,
      rootMargin: "50px",
    });
    this.#visible.observe(this.#end);
    this.#field.input.addEventListener("input", () => {
      this.#limit = STEP;
      this.#rows.scrollTop = 0;
      this.#show();
    });
  }

  /**
   * @param {State} state
   * @param {State} before
   */
  render(state, before) {
    const first = this.#state === null;
    this.#state = state;
    if (state.tab !== "people" && !first) return;
    const failure = state.failures.people;
    setText(this.#error, failure ? wordsFor(this.#ui.words, failure, "people") : "");
    const same = /** @type {const} */ (["colleagues", "favourites", "presences", "userId", "tab"]);
    const more = /** @type {const} */ (["calls", "features", "pending"]);
    if (first || [...same, ...more].some((key) => state[key] !== before[key])) this.#show();
  }

  #show() {
    const state = this.#state;
    if (!state) return;
    const found = findMembers(state, this.#ui.words, this.#field.input.value.trim());
    this.#list.update(found.slice(0, this.#limit));
    if (found.length > this.#limit) this.#rows.append(this.#end);
    else if (this.#end.parentNode) this.#end.remove(); // Prototype.js throws without a parent.
    this.#rows.hidden = found.length === 0;
    this.#empty.hidden = found.length > 0;
  }

  /** @param {Colleague} person */
  #row(person) {
    const row = new PersonRow(this.#ui, person);
    this.#visible.observe(row.element);
    const update = (/** @type {Colleague} */ now) => {
      if (this.#state) row.render(now, this.#state);
    };
    return { element: row.element, update };
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #onSight(entries) {
    const { commands } = this.#ui;
    for (const { target, isIntersecting } of entries) {
      const { person } = /** @type {HTMLElement} */ (target).dataset;
      if (person) commands.follow(person, isIntersecting);
      // A removed row is no longer visible, and never comes back.
      if (person && !target.isConnected) this.#visible.unobserve(target);
      if (target === this.#end && isIntersecting) {
        this.#limit += STEP;
        this.#show();
      }
    }
  }
}
