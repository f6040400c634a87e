/**
 * The pages that a worker serves, by number.
 *
 * @import {PageMessage, WorkerMessage} from "../common/protocol.d.ts"
 */

import { SendBatch } from "./send-batch.js";
import { LONGEST, readMessage } from "../common/messages.js";

/** A page that was silent for so long is forgotten (milliseconds). */
const FORGET = 600_000;
/** How often that is looked at. */
const SWEEP = 60_000;
/** So many messages of a page that has not said hello are kept. */
const HELD = 4_000;
/** So many texts wait for a page that is away; one that has missed more is told how things stand. */
const KEPT = 1_000;
/** A worker without pages waits so long for the next: a visitor is on the way to another page. */
const EMPTY = 60_000;

/**
 * @typedef Page
 * @property {SendBatch} letters to it
 * @property {number} number 0 while the worker does not know it
 * @property {number} seen when it last said something
 * @property {boolean} away in the back/forward cache, out of which a message would throw it
 * @property {string[]} kept what it is sent when it is back
 * @property {boolean} missed more than was kept: it is told nothing more before its next hello
 * @property {boolean} asked for that hello
 * @property {string[]} held what it sent before its hello
 */

/** Numbers pages 1, 2, … from their first hello until they say bye or fall silent. */
export class Pages {
  /** @type {Set<Page>} */
  #pages = new Set();
  #lastNumber = 0;
  #due = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #emptyTimer;
  #deliver;
  #onEmpty;

  /**
   * @param {(page: number, text: string) => void} deliver gets all that concerns Python
   * @param {() => void} onEmpty no page came back in time
   */
  constructor(deliver, onEmpty) {
    this.#deliver = deliver;
    this.#onEmpty = onEmpty;
    this.#due = performance.now() + SWEEP;
    setInterval(() => this.#sweep(), SWEEP);
  }

  /** Whether there is a page, known or not. */
  get any() {
    return this.#pages.size > 0;
  }

  /**
   * @param {MessagePort} port
   * @param {WorkerMessage} greeting
   */
  add(port, greeting) {
    /** @type {Page} */
    const page = {
      letters: new SendBatch(port),
      number: 0,
      seen: performance.now(),
      away: false,
      kept: [],
      missed: false,
      asked: false,
      held: [],
    };
    this.#keep(page);
    port.onmessage = ({ data }) => this.#receive(page, data);
    // Where the browser tells: the page is gone, with or without a word.
    port.addEventListener("close", () => this.#forget(page));
    page.letters.send(JSON.stringify(greeting));
  }

  /**
   * @param {number} number 0 for all that have said hello
   * @param {string} text
   */
  post(number, text) {
    for (const page of this.#pages) {
      if (!page.number || (number !== 0 && page.number !== number)) continue;
      const { away, kept } = page;
      page.missed ||= away && number === 0 && kept.length >= KEPT;
      if (page.missed && number === 0) continue;
      if (away) kept.push(text);
      else page.letters.send(text);
    }
  }

  /** @param {WorkerMessage} message for all, also for those that have not said hello */
  tell(message) {
    const text = JSON.stringify(message);
    for (const { letters } of this.#pages) letters.send(text);
  }

  /** Nothing more is sent after this. */
  flush() {
    for (const page of this.#pages) {
      comeBack(page);
      page.letters.flush();
    }
  }

  /**
   * @param {Page} page
   * @param {unknown} data
   */
  #receive(page, data) {
    this.#keep(page);
    /** @type {PageMessage | null} */
    const message = readMessage(data);
    const text = /** @type {string} */ (data);
    if (!message || text.length > LONGEST) {
      warn(page, "the worker dropped what is not a message, or too long for one.");
      return;
    }
    if (page.away && message.type !== "away") comeBack(page);
    switch (message.type) {
      case "ping":
        if (isKnown(page)) page.letters.send('{"type":"pong"}');
        else ask(page);
        break;
      case "away":
        page.away = true;
        page.asked = false;
        page.kept.push(...page.letters.take());
        if (page.number) this.#deliver(page.number, text);
        break;
      case "bye":
        this.#forget(page);
        break;
      case "hello":
        page.number ||= ++this.#lastNumber;
        page.missed = page.asked = false;
        this.#deliver(page.number, text);
        for (const held of page.held.splice(0)) this.#deliver(page.number, held);
        break;
      default:
        if (isKnown(page)) {
          this.#deliver(page.number, text);
        } else if (page.held.length < HELD) {
          page.held.push(text);
          ask(page);
        } else {
          warn(page, "the worker dropped a message: too many came before the first hello.");
        }
    }
  }

  /** @param {Page} page */
  #keep(page) {
    page.seen = performance.now();
    this.#pages.add(page);
    clearTimeout(this.#emptyTimer);
  }

  /** @param {Page} page */
  #forget(page) {
    if (!this.#pages.delete(page)) return;
    if (this.#pages.size === 0) this.#emptyTimer = setTimeout(this.#onEmpty, EMPTY);
    const { number } = page;
    if (!number) return;
    page.number = 0;
    page.kept = [];
    this.#deliver(number, '{"type":"bye"}');
  }

  #sweep() {
    const now = performance.now();
    const late = now - this.#due > SWEEP / 2;
    this.#due = now + SWEEP;
    for (const page of this.#pages) {
      // A late timer says that the worker was frozen, and its pages' words with it.
      if (late) page.seen = now;
      else if (now - page.seen > FORGET) this.#forget(page);
    }
  }
}

/** @param {Page} page */
function isKnown({ number, missed }) {
  return number !== 0 && !missed;
}

/** @param {Page} page */
function comeBack(page) {
  page.away = false;
  for (const text of page.kept.splice(0)) page.letters.send(text);
}

/**
 * Once: each hello is answered with what the page has missed.
 *
 * @param {Page} page
 */
function ask(page) {
  if (page.asked) return;
  page.asked = true;
  page.letters.send('{"type":"stranger"}');
}

/**
 * @param {Page} page
 * @param {string} message for its developer
 */
function warn({ letters }, message) {
  letters.send(JSON.stringify({ type: "warning", message }));
}
