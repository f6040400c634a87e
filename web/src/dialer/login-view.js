/**
 * The login forms: e-mail and password, or an API key; then a code if the account has a second factor.
 *
 * @import {Place, State} from "./state.js"
 * @import {Ui} from "./ui.js"
 */

import { button, h, onClick, onSubmit, setBusy, setText } from "./dom.js";
import { isInput, wordsFor } from "./failures.js";
import { Field } from "./field.js";

/** The time after which the dialer explains why the start takes long (milliseconds). */
const SLOW = 4_000;

export class LoginView {
  #ui;
  #email;
  #password;
  #key;
  #code;
  #hint;
  /** @type {{place: Place, form: HTMLFormElement, submit: HTMLButtonElement, label: string}[]} */
  #forms;

  /** @param {Ui} ui */
  constructor(ui) {
    this.#ui = ui;
    const { commands } = ui;
    const say = ui.words.say.bind(ui.words);
    const plain = { autocapitalize: "none", spellcheck: "false" };
    this.#email = new Field(say("email"), {
      ...{ type: "email", name: "email", autocomplete: "username", ...plain },
    });
    this.#password = new Field(say("password"), {
      ...{ type: "password", name: "password", autocomplete: "current-password" },
    });
    this.#key = new Field(say("apiKey"), { type: "password", name: "key", autocomplete: "off" });
    this.#code = new Field(say("code"), {
      ...{ name: "code", autocomplete: "one-time-code", inputmode: "numeric", ...plain },
    });
    const toKey = quiet(say("useKey"), () => this.#choose(true));
    const toPassword = quiet(say("usePassword"), () => this.#choose(false));
    const back = quiet(say("back"), () => this.#back());

    this.#forms = [
      this.#form("login", say("logIn"), [this.#email, this.#password], toKey, () =>
        commands.logIn(this.#email.input.value.trim(), this.#password.input.value),
      ),
      this.#form("key", say("logIn"), [this.#key], toPassword, () =>
        commands.logInByKey(this.#key.input.value.trim()),
      ),
      this.#form("code", say("confirm"), [this.#code], back, () =>
        commands.confirm(this.#code.input.value.trim()),
      ),
    ];
    const [, , code] = this.#forms;
    code?.form.prepend(h("p", { class: "muted" }, say("codeHint")));
    code?.form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.#back();
    });
    this.#hint = h("p", { class: "muted" }, say("firstTime"));
    this.#hint.hidden = true;
    const forms = this.#forms.map(({ form }) => form);
    this.element = h("div", { class: "login", part: "login" }, ...forms, this.#hint);
  }

  /**
   * @param {State} state
   * @param {State} before
   */
  render(state, before) {
    const { pending, byKey, nonce, usable } = state;
    this.element.hidden = usable || !state.linked || isRestoring(state);
    const current = nonce || pending.includes("code") ? "code" : byKey ? "key" : "login";
    for (const { place, form, submit, label } of this.#forms) {
      form.hidden = place !== current;
      const busy = pending.includes(place);
      setBusy(submit, busy);
      setText(submit, busy ? this.#ui.words.say("loggingIn") : label);
    }
    this.#complain(state, "login", this.#password, this.#email);
    this.#complain(state, "key", this.#key);
    this.#complain(state, "code", this.#code);
    this.#showSlow(state);
    if (usable && !before.usable) this.#clear();
    this.#moveFocus(state, before);
  }

  /** @returns {HTMLInputElement} the first field */
  get first() {
    const { nonce, byKey } = this.#ui.store.state;
    return (nonce ? this.#code : byKey ? this.#key : this.#email).input;
  }

  /**
   * @param {Place} place
   * @param {string} label
   * @param {Field[]} fields
   * @param {HTMLElement} other
   * @param {() => void} send
   */
  #form(place, label, fields, other, send) {
    const submit = h("button", { class: "button primary", part: "button" }, label);
    const elements = fields.map(({ element }) => element);
    const form = h(
      "form",
      { class: "form", novalidate: true },
      ...elements,
      h("div", { class: "form-end" }, submit, other),
    );
    onSubmit(form, send);
    return { place, form, submit, label };
  }

  /**
   * @param {State} state
   * @param {Place} place
   * @param {Field} field
   * @param {Field} [email]
   */
  #complain({ failures }, place, field, email) {
    const failure = failures[place];
    const text = failure ? wordsFor(this.#ui.words, failure, place) : "";
    const atEmail = failure?.code === "NO_EMAIL" && email !== undefined;
    field.complain(atEmail ? "" : text, isInput(failure));
    email?.complain(atEmail ? text : "", true);
  }

  /**
   * @param {State} state
   * @param {State} before
   */
  #moveFocus(state, before) {
    if (this.element.hidden) return;
    if (state.nonce && !before.nonce) {
      this.#code.input.value = "";
      this.#ui.focus(this.#code.input);
    }
    for (const [place, field] of /** @type {const} */ ([
      ["login", this.#password],
      ["key", this.#key],
      ["code", this.#code],
    ])) {
      const failure = state.failures[place];
      if (!failure || failure === before.failures[place] || !isInput(failure)) continue;
      const { input } = failure.code === "NO_EMAIL" ? this.#email : field;
      this.#ui.focus(input);
      input.select();
    }
  }

  /** @param {State} state */
  #showSlow({ pending }) {
    const busy = pending.length > 0;
    if (!busy) this.#hint.hidden = true;
    else if (this.#hint.hidden) {
      setTimeout(() => {
        const { pending: still, usable } = this.#ui.store.state;
        this.#hint.hidden = usable || still.length === 0;
      }, SLOW);
    }
  }

  /** @param {boolean} byKey */
  #choose(byKey) {
    this.#ui.store.set({ byKey, failures: {} });
    this.#ui.focus(this.first);
  }

  #back() {
    this.#ui.store.set({ nonce: "", failures: {} });
    this.#password.input.value = "";
    this.#ui.focus(this.first);
  }

  /** Clear the fields: secrets must not stay in the page. */
  #clear() {
    for (const { input } of [this.#password, this.#key, this.#code]) input.value = "";
  }
}

/**
 * @param {State} state
 * @returns {boolean} whether a remembered session is being restored, so no input is needed
 */
export function isRestoring({ status, usable, pending, nonce }) {
  return !usable && !nonce && status === "connecting" && pending.length === 0;
}

/**
 * @param {string} text
 * @param {() => void} action
 */
function quiet(text, action) {
  const made = button({ class: "button quiet", part: "button" }, text);
  onClick(made, action);
  return made;
}
