/**
 * The texts of one language, with their placeholders filled in.
 *
 * @import {Text, Words} from "./words/en.js"
 */

import { Format } from "./format.js";
import english from "./words/en.js";

/** @type {Record<string, string>} */
const FILES = typeof PYCTI_LANGUAGES === "undefined" ? {} : PYCTI_LANGUAGES;

export class Vocabulary {
  #words;
  format;

  /**
   * @param {string} lang
   * @param {Words} words
   */
  constructor(lang, words) {
    this.lang = lang;
    this.#words = words;
    this.format = new Format(lang);
  }

  /**
   * @param {keyof Words} key
   * @param {Record<string, string | number>} [values] for the placeholders; `count` selects the plural
   * @returns {string}
   */
  say(key, values = {}) {
    /** @type {Text} */
    const entry = this.#words[key];
    const form = typeof entry === "string" ? entry : this.#choose(entry, Number(values.count));
    return form.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
  }

  /**
   * @param {Exclude<Text, string>} forms
   * @param {number} count
   */
  #choose(forms, count) {
    return forms[this.format.plural(count)] ?? forms.other ?? "";
  }
}

/**
 * Load a language. Every file of `words/` is a language. English is part of the dialer. The build makes
 * a file of each other language, which is loaded when it is needed.
 *
 * @param {readonly string[]} wanted BCP 47 tags, in the order of preference
 * @param {string} scriptUrl
 * @returns {Promise<Vocabulary>}
 */
export async function loadWords(wanted, scriptUrl) {
  for (const tag of wanted) {
    const name = tag.split("-", 1)[0]?.toLowerCase() ?? "";
    if (name === "en") return new Vocabulary(tag, english);
    const file = Object.hasOwn(FILES, name) && FILES[name];
    if (!file) continue;
    try {
      const { default: words } = await import(new URL(file, scriptUrl).href);
      return new Vocabulary(tag, words);
    } catch (error) {
      // If the file is missing, or `Intl` refuses the tag, English is used.
      console.warn(`cti-dialer: no words for "${tag}".`, error);
    }
  }
  return new Vocabulary("en", english);
}
