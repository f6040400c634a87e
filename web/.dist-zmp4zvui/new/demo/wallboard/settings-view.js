/**
 * The dialog in which one chooses what is shown. Every change counts at once; "Done" only closes.
 *
 * @import {Board} from "./board.js"
 * @import {Entry, Queue} from "./directory.js"
 * @import {Choice, Chosen} from "./nodes.js"
 * @import {Row} from "../dom.js"
 */

import { button, byId, fromTemplate, KeyedList, part, setText } from "../dom.js";
import { limitsOf, MOST_NODES, typeOf, withNode } from "./nodes.js";
import { nameOf } from "./tiles.js";
import { texts } from "./tile-views.js";

/**
 * @typedef Known what the page knows for the dialog
 * @property {Board} board
 * @property {Choice} choice
 * @property {Entry[]} people
 * @property {Record<string, Queue>} queues by node
 */

export class SettingsView {
  #dialog = byId("settings", HTMLDialogElement);
  #type = byId("add-type", HTMLSelectElement);
  #id = byId("add-id", HTMLInputElement);
  #name = byId("add-name", HTMLInputElement);
  #warn = byId("limit-warn", HTMLInputElement);
  #alarm = byId("limit-alarm", HTMLInputElement);
  #problem = part(this.#dialog, "problem", HTMLElement);
  #none = part(this.#dialog, "none", HTMLElement);
  #peopleArea = part(this.#dialog, "people-area", HTMLElement);
  #shown = new KeyedList(
    part(this.#dialog, "shown", HTMLElement),
    (/** @type {Chosen} */ { node }) => node,
    ({ node }) => this.#createShown(node),
  );
  #people = new KeyedList(
    part(this.#dialog, "people", HTMLElement),
    (/** @type {Entry} */ { node }) => node,
    (person) => this.#createPerson(person),
  );
  #change;
  /** @type {Known | null} */
  #known = null;

  /** @param {(change: Partial<Choice>) => void} change */
  constructor(change) {
    this.#change = change;
    part(this.#dialog, "done", HTMLButtonElement).addEventListener("click", () =>
      this.#dialog.close(),
    );
    part(this.#dialog, "add", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#addTyped();
    });
    for (const field of [this.#warn, this.#alarm]) {
      field.addEventListener("change", () => {
        this.#change({ limits: limitsOf(this.#warn.value, this.#alarm.value) });
        this.#showLimits();
      });
    }
  }

  /** @param {Known} known */
  render(known) {
    this.#known = known;
    if (!this.#dialog.open) return;
    const { nodes } = known.choice;
    this.#none.hidden = nodes.length > 0;
    this.#shown.update(nodes);
    this.#peopleArea.hidden = known.people.length === 0;
    this.#people.update(known.people);
  }

  open() {
    if (this.#dialog.open) return;
    this.#dialog.showModal();
    if (this.#known) this.render(this.#known);
    this.#showLimits();
    byId("settings-title", HTMLElement).focus();
  }

  close() {
    this.#dialog.close();
  }

  /** @param {Entry[]} entries */
  suggest(entries) {
    const list = part(this.#dialog, "suggestions", HTMLElement);
    list.hidden = entries.length === 0;
    list.replaceChildren(
      ...entries.map(({ node, name }) => {
        const item = document.createElement("li");
        item.append(button(`${name}, ${node}`, "chip", () => this.#add([{ node, name: "" }])));
        return item;
      }),
    );
  }

  #addTyped() {
    const id = this.#id.value.trim();
    if (!/^[0-9]{1,15}$/.test(id)) {
      setText(this.#problem, "The id is a number, such as 77. The account’s settings tell it.");
      this.#id.ariaInvalid = "true";
      this.#id.focus();
      return;
    }
    this.#add([{ node: `${this.#type.value}:${id}`, name: this.#name.value }]);
    this.#id.value = this.#name.value = "";
    this.#id.focus();
  }

  /** @param {Chosen[]} added */
  #add(added) {
    const nodes = added.reduce(withNode, this.#nodes);
    this.#id.ariaInvalid = null;
    const missing = added.find((one) => !nodes.some(({ node }) => node === one.node));
    setText(this.#problem, missing ? `The board takes ${MOST_NODES} at most.` : "");
    this.#change({ nodes });
  }

  /** @param {string} removed */
  #remove(removed) {
    this.#change({ nodes: this.#nodes.filter(({ node }) => node !== removed) });
  }

  get #nodes() {
    return this.#known?.choice.nodes ?? [];
  }

  #showLimits() {
    const limits = this.#known?.choice.limits;
    if (!limits) return;
    this.#warn.value = String(limits.warn);
    this.#alarm.value = String(limits.alarm);
  }

  /**
   * @param {string} node
   * @returns {Row<Chosen>}
   */
  #createShown(node) {
    const element = fromTemplate("shown-template");
    const show = texts(element, ["name", "node", "agents"]);
    const remove = part(element, "remove", HTMLButtonElement);
    const agents = part(element, "agents", HTMLButtonElement);
    remove.addEventListener("click", () => {
      this.#remove(node);
      // The button that had the focus is gone.
      byId("settings-title", HTMLElement).focus();
    });
    agents.addEventListener("click", () => {
      this.#add(this.#agentsOf(node).map((agent) => ({ node: agent, name: "" })));
      remove.focus();
    });
    const update = (/** @type {Chosen} */ chosen) => {
      const board = this.#known?.board;
      const name = board ? nameOf(board, node, chosen.name) : node;
      const why = board?.refused[node];
      const count = this.#agentsOf(node).length;
      const people = count === 1 ? "its agent" : `its ${count} agents`;
      show({ name, node: why ? `${node}: ${why}` : node, agents: count ? `Add ${people}` : "" });
      remove.ariaLabel = `Remove ${name}`;
    };
    return { element, update };
  }

  /**
   * @param {string} node
   * @returns {string[]} the members of a queue that are not on the board
   */
  #agentsOf(node) {
    const members = this.#known?.queues[node]?.members ?? [];
    return members.filter(
      (member) => typeOf(member) === "user" && !this.#nodes.some((one) => one.node === member),
    );
  }

  /**
   * @param {Entry} person
   * @returns {Row<Entry>}
   */
  #createPerson({ node, name }) {
    const element = document.createElement("label");
    const box = document.createElement("input");
    element.className = "person";
    box.type = "checkbox";
    box.className = "form-check-input";
    element.append(box, name);
    box.addEventListener("change", () => {
      if (box.checked) this.#add([{ node, name: "" }]);
      else this.#remove(node);
    });
    const update = () => {
      box.checked = this.#nodes.some((chosen) => chosen.node === node);
    };
    return { element, update };
  }
}
