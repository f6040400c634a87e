/**
 * Turns telephone numbers in the page's text into links, also in content that is added later.
 *
 * This is a separate script, loaded on demand. The page's thread walks the document and adds the links
 * in slices. Python decides which texts contain numbers.
 *
 * @import {DetectedNumber, DetectText, PageSigns} from "../common/protocol.d.ts"
 * @import {Answer, Span} from "./batch.js"
 * @import {Wrapping} from "./plan.js"
 * @import {Line} from "./walk.js"
 */

import { Batch } from "./batch.js";
import { isModified } from "../page/keys.js";
import { Links, releaseCopies, STATE } from "./links.js";
import { isSelected, planOf } from "./plan.js";
import { blockOf, isInline, isWithinSkipped } from "./rules.js";
import { signsOf } from "./signs.js";
import { Slices } from "./slices.js";
import { Walk } from "./walk.js";

/** The number of nodes between two checks of the clock. */
const STEPS = 16;
/** The number of text nodes that get links in one slice, because each causes layout work. */
const LINKS = 50;
/** The minimum time between two messages from a page that changes all the time (milliseconds). */
const PAUSE = 250;
/** The time until selected text is checked again (milliseconds). */
const SELECTED = 1_000;

/** Attributes that exclude a part of the page, include it again, or name its country. */
const CLOSING = ["contenteditable", "data-cti-ignore", "data-cti-country"];

/** The codes that show that the worker was lost. The texts are then sent again, to the next worker. */
const LOST = ["WORKER_DIED", "WORKER_FAILED"];

export { signsOf };

/** Detects the numbers inside one root. */
export class Detector {
  #root;
  #ask;
  #links = new Links();
  #slices = new Slices((mayGoOn) => this.#work(mayGoOn));
  #observer = new MutationObserver((records) => this.#onChange(records));
  #stop = new AbortController();
  /** @type {Map<Node, boolean>} nodes that must be walked, and whether deeply */
  #queue = new Map();
  /** @type {Walk | null} */
  #walk = null;
  #batch = new Batch();
  #asking = false;
  /** Whether the page was walked once. Everything after that is a change. */
  #settled = false;
  /** @type {Answer[]} */
  #answers = [];
  /** @type {WeakMap<Text, string>} lines that were sent before, by their first node */
  #seen = new WeakMap();
  /** @type {WeakSet<Node>} */
  #roots = new WeakSet();
  /** @type {Set<string>} custom elements whose definition is awaited */
  #awaited = new Set();

  /**
   * @param {Node & ParentNode} root
   * @param {(texts: DetectText[], signs: PageSigns) => Promise<DetectedNumber[]>} ask
   */
  constructor(root, ask) {
    this.#root = root;
    this.#ask = ask;
    this.#observe(root);
    this.#enqueue(root, true);
    for (const name of this.#undefined(root)) this.#await(name);
    const { signal } = this.#stop;
    root.addEventListener("click", (event) => this.#onClick(event), { signal, capture: true });
  }

  /** Remove every link and restore the page. */
  stop() {
    this.#stop.abort();
    this.#slices.stop();
    this.#takeChanges();
    this.#observer.disconnect();
    this.#links.undoAll();
    releaseCopies(this.#root);
  }

  // What has to be searched

  /** @param {Node} root */
  #observe(root) {
    if (this.#roots.has(root)) return;
    this.#roots.add(root);
    this.#observer.observe(root, {
      subtree: true,
      childList: true,
      characterData: true,
      attributeFilter: [STATE, ...CLOSING],
    });
  }

  /**
   * @param {Node} node
   * @param {boolean} deep
   */
  #enqueue(node, deep) {
    this.#queue.set(node, deep || this.#queue.get(node) === true);
    this.#slices.wake();
  }

  /** @param {MutationRecord[]} records */
  #onChange(records) {
    let removed = false;
    for (const { type, target, attributeName, addedNodes, removedNodes } of records) {
      if (type === "attributes") {
        if (attributeName === STATE) this.#links.share(/** @type {Element} */ (target));
        else this.#reopen(target);
        continue;
      }
      this.#links.yield(target);
      for (const node of removedNodes) {
        this.#links.yield(node);
        removed = true;
      }
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue;
        this.#enqueue(isInline(node) ? blockOf(node) : node, true);
        for (const name of this.#undefined(node)) this.#await(name);
      }
      // The lines around it have changed, but not the blocks inside it.
      this.#enqueue(blockOf(target), false);
    }
    if (removed) this.#links.sweep();
    this.#observer.takeRecords();
  }

  /**
   * Remove our links from content that became editable: the page may save that content.
   *
   * @param {Node} target
   */
  #reopen(target) {
    this.#links.undoWithin(target);
    this.#enqueue(target, true);
  }

  /** Process the page's changes until now. All changes until the next call are our own. */
  #takeChanges() {
    const records = this.#observer.takeRecords();
    if (records.length > 0) this.#onChange(records);
  }

  /**
   * @param {Node & ParentNode} root
   * @returns {Set<string>} custom elements that are not defined yet, and may get a shadow tree later
   */
  #undefined(root) {
    return new Set([...root.querySelectorAll(":not(:defined)")].map(({ localName }) => localName));
  }

  /** @param {string} name */
  #await(name) {
    if (this.#awaited.has(name)) return;
    this.#awaited.add(name);
    customElements.whenDefined(name).then(
      () => {
        if (this.#stop.signal.aborted) return;
        for (const element of this.#root.querySelectorAll(name)) this.#enqueue(element, true);
      },
      () => {},
    );
  }

  // Slices

  /**
   * @param {() => boolean} mayGoOn
   * @returns {boolean} whether there is more work now
   */
  #work(mayGoOn) {
    this.#takeChanges();
    if (this.#answers.length > 0) this.#apply(mayGoOn);
    while (!this.#batch.full && mayGoOn()) {
      if (!this.#walk || this.#walk.done) {
        this.#walk = this.#nextWalk();
        if (!this.#walk) break;
      }
      for (let count = 0; count < STEPS && !this.#batch.full; count++) {
        const line = this.#walk.step();
        if (line) this.#look(line);
      }
    }
    if (!this.#walk) this.#settled = true;
    if (!this.#walk || this.#batch.full) this.#send();
    const walking = (this.#walk !== null || this.#queue.size > 0) && !this.#batch.full;
    return walking || this.#answers.length > 0;
  }

  /** @returns {Walk | null} */
  #nextWalk() {
    for (const [node, deep] of this.#queue) {
      this.#queue.delete(node);
      if (!node.isConnected && node !== this.#root) continue;
      if (isWithinSkipped(node)) continue;
      return new Walk(node, deep, (root) => this.#observe(root));
    }
    return null;
  }

  /** @param {Line} line */
  #look(line) {
    const first = /** @type {Text} */ (line.nodes[0]);
    const known = `${line.country}\n${line.label}\n${line.text}`;
    if (this.#seen.get(first) === known) return;
    this.#seen.set(first, known);
    this.#batch.add(line);
  }

  #send() {
    if (this.#asking || this.#batch.empty) return;
    this.#asking = true;
    const batch = this.#batch;
    this.#batch = new Batch();
    this.#request(batch);
  }

  /** @param {Batch} batch */
  #request(batch) {
    this.#ask(batch.texts, signsOf(document)).then(
      (found) => {
        this.#answers.push(...batch.read(found));
        this.#slices.wake();
        setTimeout(() => this.#goOn(), this.#settled ? PAUSE : 0);
      },
      ({ code }) => {
        if (LOST.includes(code) && !this.#stop.signal.aborted) this.#request(batch);
      },
    );
  }

  #goOn() {
    this.#asking = false;
    this.#slices.wake();
  }

  // Links

  /** @param {() => boolean} mayGoOn */
  #apply(mayGoOn) {
    // First read all styles, then change the page. Otherwise each change would cause a layout.
    /** @type {Wrapping[]} */
    const plan = [];
    /** @type {Set<Text>} */
    const planned = new Set();
    while (this.#answers.length > 0 && plan.length < LINKS && mayGoOn()) {
      const answer = /** @type {Answer} */ (this.#answers[0]);
      const { line } = answer;
      // Send a line again if its nodes moved in the meantime: nodes get the links of one answer only.
      if (line.nodes.some((node) => planned.has(node))) break;
      for (const node of line.nodes) planned.add(node);
      this.#answers.shift();
      // The text of the line changes now, or has changed, so it must be searched again when it returns.
      this.#seen.delete(/** @type {Text} */ (line.nodes[0]));
      const same = line.nodes.map(({ data }) => data).join("") === line.text;
      if (!same || !line.nodes.every(({ isConnected }) => isConnected)) continue;
      if (line.nodes.some(isSelected)) this.#later(line);
      else plan.push(...planOf(answer));
    }
    /** @type {Map<Span, HTMLAnchorElement>} */
    const leads = new Map();
    for (const { node, pieces, boxed } of plan) {
      for (const piece of pieces) piece.lead = leads.get(piece.span) ?? null;
      // Not `entries()`, because Prototype.js replaces it.
      this.#links.wrap(node, pieces, boxed).forEach((link, index) => {
        const span = pieces[index]?.span;
        if (span && !leads.has(span)) leads.set(span, link);
      });
    }
    this.#observer.takeRecords();
  }

  /** @param {Line} line */
  #later({ nodes }) {
    const first = /** @type {Text} */ (nodes[0]);
    setTimeout(() => {
      if (!this.#stop.signal.aborted) this.#enqueue(blockOf(first), false);
    }, SELECTED);
  }

  /** @param {Event} event a click on a later part of a number counts as a click on the first part */
  #onClick(event) {
    const [target] = event.composedPath();
    const lead = target && this.#links.leadOf(target);
    if (!lead || !(event instanceof MouseEvent) || event.button !== 0 || isModified(event)) return;
    event.preventDefault();
    event.stopPropagation();
    lead.click();
  }
}
