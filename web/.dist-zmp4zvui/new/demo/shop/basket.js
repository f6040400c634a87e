/** The basket: what was chosen, kept for the next visit. */

import { PRODUCTS } from "./products.js";

const KEY = "towpath.basket";
const MOST = 20;
/** In pence: from here on delivery costs nothing. */
const FREE_FROM = 6_000;
const DELIVERY = 495;

/** @typedef {import("./products.js").Product & {amount: number}} Line */

export class Basket {
  /** @type {Map<string, number>} */
  #amounts = new Map();
  #onChange;

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
    this.#read();
    addEventListener("storage", ({ key }) => {
      if (key !== KEY) return;
      this.#read();
      onChange();
    });
  }

  /** @returns {Line[]} */
  get lines() {
    return PRODUCTS.map((product) => ({ ...product, amount: this.#amounts.get(product.id) ?? 0 }))
      .filter(({ amount }) => amount > 0);
  }

  get count() {
    return this.lines.reduce((sum, { amount }) => sum + amount, 0);
  }

  get delivery() {
    return this.#goods >= FREE_FROM ? 0 : DELIVERY;
  }

  get total() {
    return this.#goods + this.delivery;
  }

  get #goods() {
    return this.lines.reduce((sum, { amount, price }) => sum + amount * price, 0);
  }

  /**
   * @param {string} id
   * @param {number} change
   */
  add(id, change) {
    const amount = Math.min(MOST, (this.#amounts.get(id) ?? 0) + change);
    if (amount > 0) this.#amounts.set(id, amount);
    else this.#amounts.delete(id);
    try {
      localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(this.#amounts)));
    } catch {
      // Kept for this visit only.
    }
    this.#onChange();
  }

  #read() {
    this.#amounts.clear();
    try {
      const kept = Object.entries(JSON.parse(localStorage.getItem(KEY) ?? "{}"));
      for (const [id, amount] of kept) {
        if (Number.isInteger(amount)) this.#amounts.set(id, Math.min(MOST, Number(amount)));
      }
    } catch {
      // Nothing, or nothing that can be read: the basket is empty.
    }
  }
}

/**
 * @param {number} pence
 * @returns {string} such as `£1,549.00`
 */
export function showPrice(pence) {
  return new Intl.NumberFormat("en-GB", { style: "currency", currency: "GBP" }).format(pence / 100);
}
