/**
 * The form for a new contact, or for one that is there.
 *
 * @import {Contact} from "./contacts.js"
 */

import { byId, setText } from "../dom.js";
import { readNumber, showNumber } from "./contacts.js";

const NAMES = /** @type {const} */ (["name", "company", "role", "email", "address", "about"]);
const MOBILE = /^\+447/;

export class EditView {
  #form = byId("edit", HTMLFormElement);
  #title = byId("edit-title", HTMLElement);
  #office = byId("edit-office", HTMLInputElement);
  #mobile = byId("edit-mobile", HTMLInputElement);
  #delete = byId("edit-delete", HTMLButtonElement);
  /** @type {Contact | null} */
  #contact = null;
  /** What is being edited: a second time, nothing that was typed is lost. */
  #shown = "";

  /**
   * @param {(contact: Contact) => void} onSave
   * @param {(contact: Contact | null) => void} onCancel
   * @param {(contact: Contact) => void} onDelete
   */
  constructor(onSave, onCancel, onDelete) {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      onSave(this.#read());
    });
    for (const field of [this.#office, this.#mobile]) {
      field.addEventListener("input", () => checkNumber(field));
    }
    const cancel = () => onCancel(this.#contact);
    byId("edit-cancel", HTMLButtonElement).addEventListener("click", cancel);
    this.#form.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") cancel();
    });
    this.#delete.addEventListener("click", () => {
      if (this.#delete.dataset.sure && this.#contact) onDelete(this.#contact);
      else this.#ask(true);
    });
    this.#delete.addEventListener("blur", () => this.#ask(false));
  }

  hide() {
    this.#form.hidden = true;
    this.#shown = "";
  }

  /**
   * @param {Contact | null} contact null for a new one
   * @param {string} [number] of the one to be added
   * @param {string} [name] as far as the network knows it
   */
  show(contact, number = "", name = "") {
    const shown = `${contact?.id ?? ""} ${number}`;
    this.#form.hidden = false;
    if (this.#shown === shown) return;
    this.#shown = shown;
    this.#contact = contact;
    setText(this.#title, contact ? `Edit ${contact.name}` : "New contact");
    for (const field of NAMES) this.#field(field).value = contact?.[field] ?? "";
    if (!contact) this.#field("name").value = name;
    const office = contact?.numbers.find(({ label }) => label !== "Mobile")?.number;
    const mobile = contact?.numbers.find(({ label }) => label === "Mobile")?.number;
    const given = MOBILE.test(number) ? { mobile: number } : { office: number };
    this.#office.value = showNumber(office ?? given.office ?? "");
    this.#mobile.value = showNumber(mobile ?? given.mobile ?? "");
    for (const field of [this.#office, this.#mobile]) checkNumber(field);
    this.#delete.hidden = contact === null;
    this.#ask(false);
  }

  /** @returns {Contact} */
  #read() {
    const [name, company, role, email, address, about] = NAMES.map((field) =>
      this.#field(field).value.trim(),
    );
    const id = this.#contact?.id ?? crypto.randomUUID();
    const fields = [
      { label: "Office", number: readNumber(this.#office.value) },
      { label: "Mobile", number: readNumber(this.#mobile.value) },
    ];
    const known = this.#contact?.numbers ?? [];
    // A form of two fields: whatever numbers there are beyond them stay.
    const more = known.filter((one, index) => {
      const mobile = one.label === "Mobile";
      return known.findIndex(({ label }) => (label === "Mobile") === mobile) !== index;
    });
    const numbers = [...fields.filter(({ number }) => number), ...more];
    return { id, name, company, role, email, address, about, numbers };
  }

  /** @param {string} name */
  #field(name) {
    const field = document.getElementById(`edit-${name}`);
    if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) return field;
    throw new TypeError(`edit-${name} is not a field`);
  }

  /** @param {boolean} sure whether the next click deletes */
  #ask(sure) {
    if (sure) this.#delete.dataset.sure = "yes";
    else delete this.#delete.dataset.sure;
    setText(this.#delete, sure ? "Really delete?" : "Delete contact");
  }
}

/** @param {HTMLInputElement} field */
function checkNumber(field) {
  const wrong = field.value.trim() !== "" && readNumber(field.value) === "";
  field.setCustomValidity(wrong ? "This is not a whole telephone number." : "");
}
