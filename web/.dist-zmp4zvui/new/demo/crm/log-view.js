/**
 * A list of calls that have ended, with their notes.
 *
 * @import {Contact} from "./contacts.js"
 * @import {LoggedCall} from "./database.js"
 */

import { byId, fromTemplate, KeyedList, part, setText } from "../dom.js";
import { findByNumber } from "./contacts.js";
import { linkTo } from "./route.js";
import { resultOf, showParty, showTime, showWholeTime, timeOf } from "./words.js";

/** More of them nobody reads. */
const SHOWN = 50;
let fields = 0;

export class LogView {
  #empty;
  #list;
  #putNotes;
  /** @type {Contact[]} */
  #contacts = [];
  /** @type {Map<string, string>} */
  #agents = new Map();

  /**
   * @param {string} list id of the list
   * @param {string} empty id of what stands there instead
   * @param {(key: string, notes: string) => Promise<void>} putNotes
   */
  constructor(list, empty, putNotes) {
    this.#empty = byId(empty, HTMLElement);
    this.#putNotes = putNotes;
    this.#list = new KeyedList(byId(list, HTMLElement), keyOf, (call) => this.#createRow(call));
  }

  /**
   * @param {LoggedCall[]} calls the newest first
   * @param {Contact[]} contacts
   * @param {Map<string, string>} agents their names, where more than one is shown
   */
  render(calls, contacts, agents) {
    this.#contacts = contacts;
    this.#agents = agents;
    this.#list.update(calls.slice(0, SHOWN));
    this.#empty.hidden = calls.length > 0;
  }

  /** @param {LoggedCall} first */
  #createRow(first) {
    const element = fromTemplate("log-template");
    const form = part(element, "form", HTMLFormElement);
    const text = part(element, "text", HTMLTextAreaElement);
    const edit = part(element, "edit", HTMLButtonElement);
    text.id = `log-notes-${++fields}`;
    part(element, "label", HTMLLabelElement).htmlFor = text.id;
    let notes = "";
    const toggle = (/** @type {boolean} */ open) => {
      form.hidden = !open;
      edit.ariaExpanded = String(open);
      if (open) {
        text.value = notes;
        text.focus();
      } else {
        edit.focus();
      }
    };
    edit.ariaExpanded = "false";
    edit.addEventListener("click", () => toggle(form.hidden !== false));
    part(element, "cancel", HTMLButtonElement).addEventListener("click", () => toggle(false));
    form.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") toggle(false);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#putNotes(first.key, text.value.trim());
      toggle(false);
    });
    const update = (/** @type {LoggedCall} */ call) => {
      ({ notes } = call);
      this.#show(element, call);
    };
    return { element, update };
  }

  /**
   * @param {HTMLElement} element
   * @param {LoggedCall} call
   */
  #show(element, call) {
    const contact = findByNumber(this.#contacts, call.number);
    const name = contact?.name ?? showParty(call);
    const link = part(element, "name", HTMLAnchorElement);
    const number = call.number === "anonymous" ? "" : call.number;
    setText(link, name);
    if (contact) link.href = linkTo("contact", contact.id);
    else if (number) link.href = linkTo("number", number);
    else link.removeAttribute("href");

    const way = part(element, "way", HTMLElement);
    way.dataset.way = call.direction;
    way.dataset.missed = String(call.outcome === "missed");
    setText(part(element, "result", HTMLElement), resultOf(call));
    const agent = this.#agents.get(call.node);
    setText(part(element, "agent", HTMLElement), agent ? ` · ${agent}` : "");
    setText(part(element, "notes", HTMLElement), call.notes);

    const time = part(element, "time", HTMLTimeElement);
    const at = timeOf(call);
    time.hidden = at === 0;
    time.dateTime = new Date(at).toISOString();
    time.title = showWholeTime(at);
    setText(time, showTime(at));

    const again = part(element, "again", HTMLAnchorElement);
    again.hidden = number === "";
    if (number) again.href = `tel:${number}`;
    again.ariaLabel = `Call ${name}`;
    const edit = part(element, "edit", HTMLButtonElement);
    setText(edit, call.notes ? "Edit notes" : "Add notes");
    edit.ariaLabel = `${edit.textContent}: ${name}, ${time.textContent}`;
  }
}

/** @param {LoggedCall} call */
function keyOf({ key }) {
  return key;
}
