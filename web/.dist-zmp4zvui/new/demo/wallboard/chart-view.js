/**
 * The chart: above, how many waited at once; below, answered up and missed down from a line. All
 * shapes are made once and only change their height.
 *
 * @import {Column} from "./history.js"
 * @import {Row} from "../dom.js"
 */

import { byId, KeyedList, part, setText } from "../dom.js";
import { BUCKETS } from "./history.js";
import { clock } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
/** Units of a column, of the upper part, and of each half of the lower part. */
const WIDTH = 10;
const ABOVE = 60;
const HALF = 25;
const LINE = ABOVE + 10 + HALF;
const HEIGHT = LINE + HALF;
const SERIES = /** @type {const} */ (["gap", "waiting", "answered", "missed"]);

export class ChartView {
  #root = byId("chart", HTMLElement);
  #svg = shape("svg", { viewBox: `0 0 ${BUCKETS * WIDTH} ${HEIGHT}`, role: "img" });
  #most = part(this.#root, "most", HTMLElement);
  #columns = Array.from({ length: BUCKETS }, (_, index) => this.#column(index));
  #rows = new KeyedList(
    part(this.#root, "rows", HTMLElement),
    (/** @type {Column} */ { start }) => String(start),
    createRow,
  );

  constructor() {
    this.#svg.setAttribute("preserveAspectRatio", "none");
    for (const y of [ABOVE, LINE]) {
      this.#svg.append(shape("line", { x1: 0, x2: BUCKETS * WIDTH, y1: y, y2: y }));
    }
    part(this.#root, "plot", HTMLElement).append(this.#svg);
  }

  /** @param {Column[]} columns */
  render(columns) {
    const most = Math.max(1, ...columns.map(({ waiting }) => waiting));
    const ends = Math.max(1, ...columns.flatMap(({ answered, missed }) => [answered, missed]));
    columns.forEach((column, index) => {
      const shapes = this.#columns[index];
      if (!shapes) return;
      const waiting = (column.waiting / most) * (ABOVE - 2);
      const answered = (column.answered / ends) * HALF;
      stand(shapes.gap, 0, column.gap ? HEIGHT : 0);
      stand(shapes.waiting, ABOVE - waiting, waiting);
      stand(shapes.answered, LINE - answered, answered);
      stand(shapes.missed, LINE, (column.missed / ends) * HALF);
    });
    const label = describe(columns);
    if (this.#svg.getAttribute("aria-label") !== label) this.#svg.setAttribute("aria-label", label);
    setText(this.#most, `up to ${most} waiting, ${ends} ended`);
    const eventful = columns.filter((one) => one.gap || one.waiting + one.answered + one.missed);
    this.#rows.update(eventful.reverse());
  }

  /** @param {number} index */
  #column(index) {
    const make = (/** @type {(typeof SERIES)[number]} */ series) => {
      const inset = series === "answered" || series === "missed" ? 1.5 : 0;
      const made = shape("rect", { x: index * WIDTH + inset, width: WIDTH - 2 * inset });
      made.setAttribute("class", `series series-${series}`);
      this.#svg.append(made);
      return made;
    };
    const [gap, waiting, answered, missed] = SERIES.map(make);
    if (!gap || !waiting || !answered || !missed) throw new TypeError("a series is missing");
    return { gap, waiting, answered, missed };
  }
}

/**
 * @param {Column[]} columns
 * @returns {string} the chart in a sentence
 */
function describe(columns) {
  const sum = (/** @type {"answered" | "missed"} */ name) =>
    columns.reduce((total, column) => total + column[name], 0);
  const most = Math.max(0, ...columns.map(({ waiting }) => waiting));
  const waited = most === 0 ? "nobody waited" : `at most ${most} waited at once`;
  return `Last 15 minutes: ${waited}, ${sum("answered")} answered, ${sum("missed")} missed.`;
}

/** @returns {Row<Column>} */
function createRow() {
  const element = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  const cells = Array.from({ length: 3 }, () => document.createElement("td"));
  element.append(head, ...cells);
  return {
    element,
    update(column) {
      setText(head, clock(column.start) + (column.gap ? " (connection lost)" : ""));
      [column.waiting, column.answered, column.missed].forEach((count, index) => {
        const cell = cells[index];
        if (cell) setText(cell, String(count));
      });
    },
  };
}

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 */
function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/**
 * @param {Element} rect
 * @param {number} y
 * @param {number} height
 */
function stand(rect, y, height) {
  rect.setAttribute("y", y.toFixed(2));
  rect.setAttribute("height", height.toFixed(2));
}
