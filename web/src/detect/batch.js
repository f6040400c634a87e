/**
 * Texts on their way to Python and back, one message each way at a time.
 *
 * @import {DetectedNumber, DetectText} from "../protocol.d.ts"
 * @import {Line} from "./walk.js"
 */

import { mayHoldNumber } from "./rules.js";

/** A message holds so many texts, and about so many characters. */
const TEXTS = 100;
const CHARACTERS = 10_000;

/** Longer lines are cut into pieces of this length, … */
const LONGEST = 600;
/** … which repeat so much of the one before: what stands before a number tells what it is. */
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
 * @property {Span[]} spans in order, not empty
 */

/** Gathers the lines of one message. */
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
    // A line break in HTML is a blank.
    return this.#parts.map(({ line, text }) => [text.replace(/\s/g, " "), line.label]);
  }

  /** @param {Line} line left out where it can hold no number */
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
      const spans = answers.get(part.line) ?? [];
      answers.set(part.line, spans);
      const span = { start: part.base + start, end: part.base + end, uri };
      // A cut may go through a number: the piece that has more of it is right.
      const last = spans[spans.length - 1];
      if (!last || span.start >= last.end) spans.push(span);
      else if (span.end - span.start > last.end - last.start) spans[spans.length - 1] = span;
    }
    return [...answers].map(([line, spans]) => ({ line, spans }));
  }
}
