/**
 * Finds the people that match a text: colleagues, and people of recent calls.
 *
 * @import {Choice} from "./combobox.js"
 * @import {Colleague} from "./colleagues.js"
 * @import {State} from "./state.js"
 * @import {Vocabulary} from "./words.js"
 */

import { grouped } from "../common/grouped.js";

/** The number of matches that fit without hiding the controls below. */
const FEW = 5;
/** Users type to narrow a longer list. */
const MOST = 50;

/**
 * @param {State} state
 * @param {Vocabulary} words
 * @param {string} text `""` matches everybody
 * @returns {Choice[]} the colleagues without the user, sorted by name
 */
export function findColleagues({ colleagues, userId }, words, text) {
  return colleagues
    .filter(({ id, extension }) => extension && id !== userId)
    .map(({ name, extension, busy }) => {
      const choice = { value: extension, label: name, detail: extension };
      return busy ? { ...choice, remark: words.say("doNotDisturb") } : choice;
    })
    .filter((choice) => matches(choice, text))
    .sort((one, other) => words.format.compare(one.label, other.label))
    .slice(0, MOST);
}

/**
 * @param {State} state
 * @param {Vocabulary} words
 * @param {string} text `""` matches everybody
 * @returns {Colleague[]} the colleagues without the user: the favourites first, then by name
 */
export function findMembers({ colleagues, favourites, userId }, words, text) {
  const liked = (/** @type {Colleague} */ { id }) => Number(!favourites.includes(id));
  return colleagues
    .filter(({ id, extension }) => extension && id !== userId)
    .filter(({ name, extension }) => matches({ value: extension, label: name, detail: "" }, text))
    .sort((one, other) => liked(one) - liked(other) || words.format.compare(one.name, other.name));
}

/**
 * @param {State} state
 * @param {Vocabulary} words
 * @param {string} text
 * @returns {Choice[]} empty for an empty text
 */
export function findPeople(state, words, text) {
  if (!text) return [];
  const found = findColleagues(state, words, text);
  for (const { number, name } of state.recents) {
    const choice = { value: number, label: name || grouped(number), detail: grouped(number) };
    const known = found.some(({ value }) => value === number);
    if (number && name && !known && matches(choice, text)) found.push(choice);
  }
  return found.slice(0, FEW);
}

/**
 * @param {State} state
 * @param {Vocabulary} words
 * @param {string} text
 * @returns {string} the number: the text itself, or the number of the only person that matches
 */
export function resolve(state, words, text) {
  if (!/\p{L}/u.test(text)) return text;
  const [found, ...others] = findPeople(state, words, text);
  return found && others.length === 0 ? found.value : text;
}

/**
 * @param {Choice} choice
 * @param {string} text
 */
function matches({ label, value }, text) {
  const wanted = fold(text);
  const digits = text.replace(/[\s().+-]/g, "");
  if (/^\d+$/.test(digits)) return value.replace("+", "").includes(digits);
  return fold(label).split(/\s+/).some((word) => word.startsWith(wanted)) ||
    fold(label).startsWith(wanted);
}

/**
 * @param {string} text
 * @returns {string} the text without upper case and accents
 */
function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
