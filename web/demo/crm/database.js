/**
 * Contacts and the call log, in this browser's IndexedDB. All tabs share it, and tell each other of
 * changes.
 *
 * @import {LogRecord} from "../../src/cti-connector.d.ts"
 * @import {Contact} from "./contacts.js"
 *
 * @typedef {LogRecord & {edited?: boolean}} LoggedCall `edited`: somebody changed the notes here
 */

import { SEED } from "./seed.js";

const NAME = "cti-crm";
const VERSION = 1;

export class Database {
  #db;
  #channel = new BroadcastChannel(NAME);

  /** @param {IDBDatabase} db */
  constructor(db) {
    this.#db = db;
    // Another tab has a newer page: it must not wait for this one.
    db.addEventListener("versionchange", () => db.close());
  }

  /** @returns {Promise<Database>} */
  static async open() {
    const request = indexedDB.open(NAME, VERSION);
    request.addEventListener("upgradeneeded", () => {
      const contacts = request.result.createObjectStore("contacts", { keyPath: "id" });
      request.result.createObjectStore("calls", { keyPath: "key" });
      for (const contact of SEED) contacts.put(contact);
    });
    return new Database(await done(request));
  }

  /** @param {() => void} listener hears of changes in other tabs */
  onChange(listener) {
    this.#channel.addEventListener("message", listener);
  }

  /** @returns {Promise<Contact[]>} */
  contacts() {
    return done(this.#store("contacts", "readonly").getAll());
  }

  /** @returns {Promise<LoggedCall[]>} the newest first */
  async calls() {
    const calls = await done(this.#store("calls", "readonly").getAll());
    return calls.sort((one, other) => (other.startTime ?? 0) - (one.startTime ?? 0));
  }

  /** @param {Contact} contact */
  async putContact(contact) {
    await done(this.#store("contacts").put(contact));
    this.#channel.postMessage("changed");
  }

  /** @param {string} id */
  async deleteContact(id) {
    await done(this.#store("contacts").delete(id));
    this.#channel.postMessage("changed");
  }

  /**
   * Every tab gets the record, and it may come again with newer notes: the key makes it one row.
   * What somebody has written here since then stays.
   *
   * @param {LogRecord} record
   */
  async putCall(record) {
    const calls = this.#store("calls");
    /** @type {LoggedCall | undefined} */
    const known = await done(calls.get(record.key));
    const notes = known?.edited ? known.notes : record.notes;
    await done(calls.put({ ...known, ...record, notes }));
    this.#channel.postMessage("changed");
  }

  /**
   * Add the calls that ended while the CRM was not open.
   *
   * @param {LogRecord[]} records
   */
  async addMissing(records) {
    const calls = this.#store("calls");
    const known = new Set(await done(calls.getAllKeys()));
    const missing = records.filter(({ key }) => !known.has(key));
    await Promise.all(missing.map((record) => done(calls.put(record))));
    if (missing.length > 0) this.#channel.postMessage("changed");
  }

  /**
   * @param {string} key
   * @param {string} notes
   */
  async putNotes(key, notes) {
    const calls = this.#store("calls");
    const known = await done(calls.get(key));
    if (!known) return;
    await done(calls.put({ ...known, notes, edited: true }));
    this.#channel.postMessage("changed");
  }

  /** Everything as it was at the beginning. */
  async reset() {
    const transaction = this.#db.transaction(["contacts", "calls"], "readwrite");
    const contacts = transaction.objectStore("contacts");
    contacts.clear();
    for (const contact of SEED) contacts.put(contact);
    await done(transaction.objectStore("calls").clear());
    this.#channel.postMessage("changed");
  }

  /**
   * @param {"contacts" | "calls"} name
   * @param {IDBTransactionMode} [mode]
   */
  #store(name, mode = "readwrite") {
    return this.#db.transaction(name, mode).objectStore(name);
  }
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function done(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}
