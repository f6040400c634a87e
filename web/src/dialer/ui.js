/**
 * The objects that every view receives.
 *
 * @import {Commands} from "./commands.js"
 * @import {Store} from "./store.js"
 * @import {Vocabulary} from "./words.js"
 *
 * @typedef Ui
 * @property {Vocabulary} words
 * @property {Store} store
 * @property {Commands} commands
 * @property {(element: HTMLElement) => void} focus moves the focus, but never into the dialer
 */

export {};
