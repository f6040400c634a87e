/**
 * A batch of texts for Python, and its answer. Each batch is one message in each direction.
 *
 * @import {DetectedNumber, DetectText} from "../common/protocol.d.ts"
 * @import {Line} from "./walk.js"
 */

import { mayHoldNumber } from "./rules.js";

/** The maximum number of texts in a message, and the approximate maximum of characters. */
const TEXTS = 100;
const CHARACTERS = 10_000;

/** Longer lines are cut into pieces of this length. */
const LONGEST = 600;
/** Each piece repeats this much of the one before, because the text before a number shows its kind. */
const OVERLAP = 120;

/**
 * A number in a line.
 *
 * @typedef Span
 * @property {number} start in UTF-16 units
 * @property {number} end
 * @property {string} uri
 */

/**
 * @typedef Answer
 * @property {Line} line
 * @property {Span[]} spans in order, without overlaps
 */

/** Collects the lines of one message. */
export class Batch {
  /** @type {{line: Line, base: number, text: string}[]} */
  #parts = [];
  #size = 0;

  /** @returns {boolean} */
  get full() {
    return this.#parts.length >= TEXTS || this.#size >= CHARACTERS;
  }

  /** @returns {boolean} */
  get empty() {
    return this.#parts.length === 0;
  }

  /** @returns {DetectText[]} */
  get texts() {
    // A line break in HTML is a space.
    return this.#parts.map(({ line: { label, country }, text }) => {
      const flat = text.replace(/\s/g, " ");
      return country ? [flat, label, country] : [flat, label];
    });
  }

  /** @param {Line} line skipped if it cannot contain a number */
  add(line) {
    for (let base = 0; base < line.text.length; base += LONGEST - OVERLAP) {
      const text = line.text.slice(base, base + LONGEST);
      if (mayHoldNumber(text)) this.#parts.push({ line, base, text });
      this.#size += text.length;
      if (base + LONGEST >= line.text.length) break;
    }
  }

  /**
   * @param {DetectedNumber[]} found
   * @returns {Answer[]}
   */
  read(found) {
    /** @type {Map<Line, Span[]>} */
    const answers = new Map();
    for (const [index, start, end, uri] of found) {
      const part = this.#parts[index];
      if (!part) continue;
      const { line, base, text } = part;
      const span = { start: base + start, end: base + end, uri };
      // A number that ends at a cut may continue after it. The next piece contains all of it.
      if (end === text.length && span.end < line.text.length) continue;
      const spans = answers.get(line) ?? [];
      const last = spans[spans.length - 1];
      const judged = base > 0 && span.end < base + OVERLAP;
      // The previous piece contained more of the text before the number.
      if (judged || (last && span.start < last.end)) continue;
      spans.push(span);
      answers.set(line, spans);
    }
    return [...answers].map(([line, spans]) => ({ line, spans }));
  }
}
