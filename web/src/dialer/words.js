/**
 * The words of one language, filled in.
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
   * @param {Record<string, string | number>} [values] for what stands in braces; `count` chooses
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
 * Every file of `words/` is a language. English comes with the dialer, the others when they are
 * spoken: the build makes a file of each.
 *
 * @param {readonly string[]} wanted BCP 47 tags, the best first
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
      // A file that is not served, or a tag that `Intl` refuses: there is always English.
      console.warn(`cti-dialer: no words for "${tag}".`, error);
    }
  }
  return new Vocabulary("en", english);
}
