/**
 * The list of contacts, and its search.
 *
 * @import {Contact} from "./contacts.js"
 */

import { byId, fromTemplate, KeyedList, part, setText } from "../dom.js";
import { initials, positionOf, search } from "./contacts.js";
import { linkTo } from "./route.js";

export class ContactsView {
  #search = byId("search", HTMLInputElement);
  #found = byId("found", HTMLElement);
  #none = byId("none-found", HTMLElement);
  #list = new KeyedList(byId("contact-list", HTMLElement), keyOf, (_) => this.#createRow());
  /** @type {Contact[]} */
  #contacts = [];
  #current = "";

  constructor() {
    this.#search.addEventListener("input", () => {
      const count = this.#show();
      setText(this.#found, count === 1 ? "1 contact" : `${count} contacts`);
    });
    this.#search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      // The first one found is what was meant.
      document.querySelector(".contact-link")?.dispatchEvent(new MouseEvent("click"));
    });
  }

  /**
   * @param {Contact[]} contacts
   * @param {string} current the id of the one that is open
   */
  render(contacts, current) {
    this.#contacts = contacts;
    this.#current = current;
    this.#show();
  }

  #show() {
    const found = search(this.#contacts, this.#search.value);
    this.#list.update(found);
    this.#none.hidden = found.length > 0;
    return found.length;
  }

  #createRow() {
    const element = fromTemplate("contact-template");
    const link = part(element, "link", HTMLAnchorElement);
    const update = (/** @type {Contact} */ contact) => {
      setText(part(element, "initials", HTMLElement), initials(contact.name));
      setText(part(element, "name", HTMLElement), contact.name);
      setText(part(element, "position", HTMLElement), positionOf(contact));
      link.href = linkTo("contact", contact.id);
      link.ariaCurrent = contact.id === this.#current ? "page" : null;
    };
    return { element, update };
  }
}

/** @param {Contact} contact */
function keyOf({ id }) {
  return id;
}
