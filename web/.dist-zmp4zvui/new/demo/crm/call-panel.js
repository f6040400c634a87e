/**
 * A call of now: who it is, and a field for notes, which stays until they are done.
 *
 * @import {Call, LogRecord} from "../../src/cti-connector.d.ts"
 * @import {Contact} from "./contacts.js"
 */

import { fromTemplate, part, setText } from "../dom.js";
import { partyOf } from "../words.js";
import { findByNumber, showNumber } from "./contacts.js";
import { keepDraft, readDraft } from "./drafts.js";
import { linkTo } from "./route.js";
import { showParty, stateOf } from "./words.js";

/** So long after the last key the notes are saved (milliseconds). */
const PAUSE = 400;
let fields = 0;

/**
 * @typedef Keeper where notes go
 * @property {Window["connector"]} connector while the call lives, and until its record is there
 * @property {(key: string, notes: string) => Promise<void>} putNotes after that
 * @property {() => void} onDone the panel is not needed any more
 */

export class CallPanel {
  element = fromTemplate("call-template");
  #text = part(this.element, "notes", HTMLTextAreaElement);
  #saved = part(this.element, "saved", HTMLElement);
  #done = part(this.element, "done", HTMLButtonElement);
  #keeper;
  #call;
  /** The key of the record, once there is one. */
  #record = "";
  /** What is kept, as far as is known here. */
  #kept = "";
  #ended = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Call} call
   * @param {Keeper} keeper
   */
  constructor(call, keeper) {
    this.#call = call;
    this.#keeper = keeper;
    this.#text.id = `call-notes-${++fields}`;
    part(this.element, "label", HTMLLabelElement).htmlFor = this.#text.id;
    this.#text.addEventListener("input", () => {
      setText(this.#saved, "");
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.save(), PAUSE);
    });
    this.#text.addEventListener("change", () => this.save());
    this.#done.addEventListener("click", () => {
      this.save();
      keeper.onDone();
    });
    void this.read(readDraft(call.id));
  }

  /** Whether there is something to finish here after the call. */
  get wanted() {
    return this.#call.answerTime !== null || this.#text.value !== "";
  }

  /**
   * @param {Call} call
   * @param {Contact[]} contacts
   * @param {string} current the contact, by id, or number whose page is open
   */
  render(call, contacts, current) {
    this.#call = call;
    const { name, number } = partyOf(call);
    const contact = findByNumber(contacts, number);
    setText(part(this.element, "name", HTMLElement), contact?.name ?? showParty({ name, number }));
    setText(part(this.element, "number", HTMLElement), showNumber(number));
    const state = part(this.element, "state", HTMLElement);
    setText(state, stateOf(call));
    state.dataset.state = call.status.toLowerCase();
    const open = part(this.element, "open", HTMLAnchorElement);
    open.hidden = number === "" || current === (contact?.id ?? number);
    setText(open, contact ? "Open contact" : "Create contact");
    open.href = contact ? linkTo("contact", contact.id) : linkTo("new", number);
  }

  /**
   * @param {Contact[]} contacts
   * @param {string} current
   */
  refresh(contacts, current) {
    this.render(this.#call, contacts, current);
    if (this.#ended) this.#showEnd();
  }

  /** The call has ended; its notes can still be written. */
  end() {
    this.#ended = true;
    this.#showEnd();
    this.save();
  }

  /**
   * @param {LogRecord} record
   * @returns {boolean} whether it is the record of this call
   */
  take({ key, callId, requestId }) {
    const { id } = this.#call;
    if (callId !== id && (requestId === "" || requestId !== this.#call.requestId)) return false;
    this.#record = key;
    keepDraft(id, "");
    return true;
  }

  /**
   * What another tab, or this one before a reload, has written.
   *
   * @param {string} [draft] taken where the worker knows of no notes
   */
  async read(draft = "") {
    if (this.#record) return;
    try {
      const notes = await this.#keeper.connector.note(this.#call.id);
      if (this.#text.value !== this.#kept) return;
      this.#kept = notes;
      this.#text.value = notes || draft;
      this.save();
    } catch {
      // The field is empty, then.
    }
  }

  /** Keep what is written. */
  save() {
    clearTimeout(this.#timer);
    const notes = this.#text.value;
    if (notes !== this.#kept) void this.#write(notes);
  }

  /** @param {string} notes */
  async #write(notes) {
    const { connector, putNotes } = this.#keeper;
    if (!this.#record) keepDraft(this.#call.id, notes);
    try {
      if (this.#record) await putNotes(this.#record, notes);
      else await connector.note(this.#call.id, notes);
      this.#kept = notes;
      setText(this.#saved, this.#text.value === notes ? "Saved" : "");
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      setText(this.#saved, `Not saved: ${words}`);
    }
  }

  /** Nothing more is written here. */
  close() {
    this.element.remove();
    keepDraft(this.#call.id, "");
  }

  #showEnd() {
    const state = part(this.element, "state", HTMLElement);
    setText(state, "Ended");
    state.dataset.state = "ended";
    this.#done.hidden = false;
  }
}
