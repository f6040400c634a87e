/**
 * The settings of this browser: the ring tone, its volume and its output, notifications and language.
 *
 * @import {State} from "./state.js"
 * @import {Ui} from "./ui.js"
 */

import { button, h, onClick, setText } from "./dom.js";
import { newId } from "./field.js";
import { askPermission, permission } from "./notifications.js";
import { canChooseOutput, listOutputs } from "./outputs.js";
import { SOUNDS } from "./ring.js";

/** The languages, each in its own words. */
const LANGUAGES = { en: "English", es: "Español", de: "Deutsch" };

export class SettingsView {
  #ui;
  #sound;
  #volume;
  #output;
  #notify;
  #notifyHint = h("p", { class: "muted setting-hint", role: "status" });
  #lang;

  /** @param {Ui} ui */
  constructor(ui) {
    this.#ui = ui;
    const { words, store } = ui;
    const say = words.say.bind(words);
    const sounds = SOUNDS.map((name, at) => [name, say("soundNumber", { number: at + 1 })]);
    this.#sound = select(sounds, (sound) => store.set({ sound }));
    this.#volume = h("input", { type: "range", min: "0", max: "100", step: "5", class: "range" });
    this.#volume.addEventListener("input", () => {
      store.set({ volume: Number(this.#volume.value) / 100 });
    });
    this.#output = select([["", say("outputDefault")]], (output) => store.set({ output }));
    this.#notify = h("input", { type: "checkbox", class: "check" });
    this.#notify.addEventListener("change", () => void this.#setNotify(this.#notify.checked));
    this.#lang = select(
      [["", say("languagePage")], ...Object.entries(LANGUAGES)],
      (lang) => store.set({ lang }),
    );
    const listen = button({ class: "button quiet small", part: "button" }, say("listen"));
    onClick(listen, () => ui.commands.listen());
    const output = setting(say("output"), this.#output);
    output.hidden = true;
    if (canChooseOutput()) void this.#fillOutputs(output);
    const notify = setting(say("notify"), this.#notify);
    notify.hidden = permission() === "missing";
    notify.append(this.#notifyHint);
    this.element = h(
      "div",
      { class: "settings", part: "settings", id: newId(), role: "group" },
      setting(say("sound"), this.#sound, listen),
      setting(say("volume"), this.#volume),
      output,
      notify,
      setting(say("language"), this.#lang),
    );
    this.element.ariaLabel = say("settings");
  }

  get lang() {
    return this.#lang;
  }

  get first() {
    return this.#sound;
  }

  /** @param {State} state */
  render({ settings, usable, sound, volume, output, notify, lang }) {
    this.element.hidden = !settings || !usable;
    this.#sound.value = sound;
    this.#volume.value = String(Math.round(volume * 100));
    this.#output.value = output;
    this.#lang.value = lang;
    const allowed = permission();
    this.#notify.checked = notify && allowed === "on";
    const blocked = allowed === "blocked" ? this.#ui.words.say("notifyBlocked") : "";
    setText(this.#notifyHint, blocked);
  }

  /** @param {boolean} wanted */
  async #setNotify(wanted) {
    if (wanted) await askPermission();
    const notify = wanted && permission() === "on";
    this.#ui.store.set({ notify });
    this.render(this.#ui.store.state);
  }

  /** @param {HTMLElement} row */
  async #fillOutputs(row) {
    const outputs = await listOutputs();
    for (const { id, label } of outputs) this.#output.append(new Option(label, id));
    row.hidden = outputs.length === 0;
    this.#output.value = this.#ui.store.state.output;
  }
}

/**
 * @param {(readonly string[])[]} choices value and label
 * @param {(value: string) => void} onChange
 */
function select(choices, onChange) {
  const options = choices.map(([value = "", label = ""]) => new Option(label, value));
  const made = h("select", { class: "input select", part: "input" }, ...options);
  made.addEventListener("change", () => onChange(made.value));
  return made;
}

/**
 * @param {string} text
 * @param {HTMLInputElement | HTMLSelectElement} control
 * @param {Node[]} extras
 */
function setting(text, control, ...extras) {
  control.id = newId();
  return h(
    "div",
    { class: "setting" },
    h("label", { for: control.id, class: "label" }, text),
    control,
    ...extras,
  );
}
