/**
 * The page of a contact, or of a number that nobody in the contacts has.
 *
 * @import {Contact} from "./contacts.js"
 */

import { byId, setText } from "../dom.js";
import { initials, positionOf, search, showNumber } from "./contacts.js";
import { linkTo } from "./route.js";

export class ContactView {
  #page = byId("contact", HTMLElement);
  #facts = byId("contact-facts", HTMLElement);
  #unknown = byId("unknown", HTMLElement);
  #who = byId("unknown-who", HTMLSelectElement);
  #number = "";

  /** @param {(id: string, number: string) => void} addNumber */
  constructor(addNumber) {
    byId("unknown-add", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      addNumber(this.#who.value, this.#number);
    });
  }

  hide() {
    this.#page.hidden = true;
  }

  /** @param {Contact} contact */
  showContact(contact) {
    const [first] = contact.numbers;
    this.#head(contact.name, positionOf(contact), initials(contact.name), first?.number ?? "");
    byId("contact-edit", HTMLAnchorElement).hidden = false;
    byId("contact-edit", HTMLAnchorElement).href = linkTo("edit", contact.id);
    this.#unknown.hidden = true;
    this.#facts.hidden = false;
    this.#facts.replaceChildren(
      ...contact.numbers.flatMap(({ label, number }) =>
        fact(label, link(`tel:${number}`, showNumber(number), "number")),
      ),
      ...fact("E-mail", contact.email && link(`mailto:${contact.email}`, contact.email)),
      ...fact("Address", contact.address),
      ...fact("About", contact.about),
    );
  }

  /**
   * @param {string} number
   * @param {Contact[]} contacts whom it could belong to
   */
  showNumber(number, contacts) {
    const changed = this.#number !== number;
    this.#number = number;
    this.#head(showNumber(number), "Unknown number", "?", number);
    byId("contact-edit", HTMLAnchorElement).hidden = true;
    this.#facts.hidden = true;
    this.#unknown.hidden = false;
    byId("unknown-create", HTMLAnchorElement).href = linkTo("new", number);
    const options = search(contacts, "").map(({ id, name }) => new Option(name, id));
    if (!changed && this.#who.options.length === options.length + 1) return;
    this.#who.replaceChildren(new Option("Choose a contact…", ""), ...options);
  }

  /**
   * @param {string} name
   * @param {string} position
   * @param {string} letters
   * @param {string} number
   */
  #head(name, position, letters, number) {
    this.#page.hidden = false;
    setText(byId("contact-name", HTMLElement), name);
    setText(byId("contact-position", HTMLElement), position);
    setText(byId("contact-initials", HTMLElement), letters);
    const call = byId("contact-call", HTMLAnchorElement);
    call.hidden = number === "";
    call.href = `tel:${number}`;
    call.ariaLabel = `Call ${name}`;
  }
}

/**
 * @param {string} name
 * @param {string | HTMLElement} value nothing is shown where it is empty
 * @returns {HTMLElement[]}
 */
function fact(name, value) {
  if (!value) return [];
  const row = document.createElement("div");
  const term = document.createElement("dt");
  const detail = document.createElement("dd");
  term.textContent = name;
  detail.append(value);
  row.append(term, detail);
  return [row];
}

/**
 * @param {string} href
 * @param {string} text
 * @param {string} [className]
 */
function link(href, text, className = "") {
  const made = document.createElement("a");
  made.href = href;
  made.textContent = text;
  made.className = className;
  return made;
}
