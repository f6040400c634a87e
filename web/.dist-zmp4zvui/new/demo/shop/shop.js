/**
 * The shop itself: products and basket. The telephone needs nothing of it, see the head of the page.
 *
 * @import {Line} from "./basket.js"
 * @import {Product} from "./products.js"
 */

import { startDemo } from "../common/demo.js";
import { byId, fromTemplate, KeyedList, part, setText } from "../dom.js";
import { Basket, showPrice } from "./basket.js";
import { PRODUCTS } from "./products.js";

const dialog = byId("basket", HTMLDialogElement);
const basket = new Basket(showBasket);
const products = new KeyedList(byId("product-list", HTMLElement), keyOf, createProduct);
const lines = new KeyedList(byId("basket-list", HTMLElement), keyOf, createLine);

/** @param {{id: string}} item */
function keyOf({ id }) {
  return id;
}

/** @param {Product} product */
function createProduct(product) {
  const { id, name, text, codes, picture, price } = product;
  const element = fromTemplate("product-template");
  part(element, "picture", HTMLImageElement).src = `images/${picture}.svg`;
  setText(part(element, "name", HTMLElement), name);
  setText(part(element, "text", HTMLElement), text);
  setText(part(element, "codes", HTMLElement), codes);
  setText(part(element, "price", HTMLElement), showPrice(price));
  const add = part(element, "add", HTMLButtonElement);
  add.ariaLabel = `Add to basket: ${name}`;
  add.addEventListener("click", () => {
    basket.add(id, 1);
    byId("say", HTMLElement).textContent = `${name} is in your basket, ${basket.count} in all.`;
  });
  return { element, update: () => {} };
}

/** @param {Line} first */
function createLine({ id, name }) {
  const element = fromTemplate("basket-template");
  setText(part(element, "name", HTMLElement), name);
  const fewer = part(element, "fewer", HTMLButtonElement);
  const more = part(element, "more", HTMLButtonElement);
  fewer.ariaLabel = `One less: ${name}`;
  more.ariaLabel = `One more: ${name}`;
  more.addEventListener("click", () => basket.add(id, 1));
  fewer.addEventListener("click", () => {
    basket.add(id, -1);
    if (!fewer.isConnected) byId("basket-close", HTMLButtonElement).focus();
  });
  /** @param {Line} line */
  const update = ({ amount, price }) => {
    setText(part(element, "amount", HTMLElement), String(amount));
    setText(part(element, "price", HTMLElement), showPrice(amount * price));
  };
  return { element, update };
}

function showProducts() {
  const { value } = checkedFilter();
  const shown = PRODUCTS.filter(({ kind }) => value === "" || kind === value);
  products.update(shown);
  return shown.length;
}

/** @returns {HTMLInputElement} */
function checkedFilter() {
  const found = byId("filter", HTMLElement).querySelector("input:checked");
  return found instanceof HTMLInputElement ? found : byId("kind-all", HTMLInputElement);
}

function showBasket() {
  const { count, delivery, total } = basket;
  lines.update(basket.lines);
  setText(byId("basket-count", HTMLElement), String(count));
  byId("basket-empty", HTMLElement).hidden = count > 0;
  byId("basket-sum", HTMLElement).hidden = count === 0;
  setText(byId("basket-delivery", HTMLElement), delivery === 0 ? "free" : showPrice(delivery));
  setText(byId("basket-total", HTMLElement), showPrice(total));
  // A figure to read out at the telephone, not one to call.
  const figure = basket.lines.reduce((sum, { amount, price }) => sum * 31 + amount * price, 7);
  setText(byId("basket-number", HTMLElement), `B-${String(figure % 1e8).padStart(8, "0")}`);
}

byId("filter", HTMLElement).addEventListener("change", () => {
  setText(byId("shown", HTMLElement), `${showProducts()} products`);
});
byId("basket-open", HTMLButtonElement).addEventListener("click", () => dialog.showModal());
byId("basket-close", HTMLButtonElement).addEventListener("click", () => dialog.close());
// The telephone is beside the dialog, not in it.
byId("basket-call", HTMLAnchorElement).addEventListener("click", () => dialog.close());
dialog.addEventListener("click", ({ target }) => {
  if (target === dialog) dialog.close();
});
showProducts();
showBasket();

const dialer = document.querySelector("cti-dialer");
dialer?.addEventListener("connector", () => {
  const { connector } = dialer;
  if (!connector) return;
  void startDemo(connector, byId("demo-bar", HTMLElement), [
    { label: "Let Alex Morgan call", from: "+442036427900", name: "Alex Morgan" },
  ]);
});
