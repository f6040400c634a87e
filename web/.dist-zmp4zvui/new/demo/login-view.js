/**
 * Step 1: log in by password or API key, with a second factor where the account has one.
 *
 * @import {State} from "./state.js"
 */

import { byId, setText } from "./dom.js";
import { isUsable } from "./state.js";
import { rememberLogin } from "./remember.js";

/** After this many milliseconds we say why it takes a while. */
const SLOW = 4_000;

export class LoginView {
  #section = byId("login", HTMLElement);
  #credentials = byId("credentials", HTMLElement);
  #passwordForm = byId("password-form", HTMLFormElement);
  #keyForm = byId("key-form", HTMLFormElement);
  #codeForm = byId("code-form", HTMLFormElement);
  #email = byId("email", HTMLInputElement);
  #password = byId("password", HTMLInputElement);
  #key = byId("api-key", HTMLInputElement);
  #code = byId("code", HTMLInputElement);
  #progress = byId("progress", HTMLElement);
  #progressText = byId("progress-text", HTMLElement);
  #stop = byId("progress-stop", HTMLButtonElement);
  #update;
  /** @type {State["connection"] | null} */
  #shown = null;
  #nonce = "";
  /** Somebody has typed here, so the focus may move on when the login is done. */
  #used = false;

  /**
   * @param {Window["connector"]} connector
   * @param {(change: Partial<State>) => void} update
   * @param {string | null} service an API other than this page's own server
   */
  constructor(connector, update, service) {
    this.#update = update;
    const place = byId("service", HTMLElement);
    place.hidden = service === null;
    place.textContent = `Your data is sent to ${service}`;

    onSubmit(this.#passwordForm, () =>
      this.#send("off", connector.login(this.#email.value.trim(), this.#password.value)),
    );
    onSubmit(this.#keyForm, () => this.#send("off", connector.login(this.#key.value.trim())));
    onSubmit(this.#codeForm, () =>
      this.#send("code", connector.twoFactorAuth(this.#code.value.trim(), this.#nonce)),
    );
    for (const id of ["way-password", "way-key"]) {
      byId(id, HTMLInputElement).addEventListener("change", () => this.#showWay());
    }
    byId("code-back", HTMLButtonElement).addEventListener("click", () => this.#back());
    this.#codeForm.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#back();
    });
    this.#stop.addEventListener("click", () => this.#back());
    this.#showWay();
  }

  /**
   * @param {State} state
   * @param {State} before
   */
  render(state, before) {
    const { connection } = state;
    this.#nonce = state.nonce;
    if (connection === this.#shown) return;
    this.#shown = connection;
    const busy = connection === "starting" || connection === "connecting";
    const second = connection === "code" || (connection === "starting" && state.nonce !== "");
    this.#section.hidden = isUsable(state);
    this.#section.setAttribute("aria-busy", String(busy));
    this.#codeForm.hidden = !second;
    // A remembered session is being restored: nobody has to type anything.
    this.#credentials.hidden = second || (busy && !this.#used);
    this.#showProgress(state, busy);
    this.#moveFocus(state, before);
  }

  /**
   * The connector's answer comes as events; only a failure is looked at here, where the ERROR
   * event has told why.
   *
   * @param {"off" | "code"} failed where to go on then
   * @param {Promise<unknown>} login
   */
  #send(failed, login) {
    this.#used = true;
    this.#update({ connection: "starting", notices: [] });
    login.catch(() => {
      if (this.#shown === "starting") this.#update({ connection: failed });
    });
  }

  /** Back to e-mail and password. */
  #back() {
    this.#used = true;
    rememberLogin(false);
    this.#code.value = "";
    this.#update({ connection: "off", nonce: "", notices: [] });
    this.#firstField().focus();
  }

  #showWay() {
    const byKey = byId("way-key", HTMLInputElement).checked;
    this.#keyForm.hidden = !byKey;
    this.#passwordForm.hidden = byKey;
  }

  /**
   * @param {State} state
   * @param {boolean} busy
   */
  #showProgress({ connection, userId }, busy) {
    this.#progress.hidden = !busy;
    if (!busy) return;
    this.#stop.hidden = this.#used || userId !== "";
    const start = this.#used ? "Logging in…" : "Welcome back. Your session is being restored…";
    const text = connection === "connecting" ? "Connecting to the telephone…" : start;
    setText(this.#progressText, text);
    setTimeout(() => {
      if (this.#shown !== "starting" || this.#progress.hidden) return;
      setText(this.#progressText, "The connector starts. This takes a moment the first time…");
    }, SLOW);
  }

  /**
   * @param {State} state
   * @param {State} before
   */
  #moveFocus(state, before) {
    const { connection } = state;
    if (connection === "code") {
      this.#code.focus();
      this.#code.select();
    } else if (isUsable(state) && !isUsable(before) && this.#used) {
      byId("number", HTMLInputElement).focus();
      for (const field of [this.#password, this.#key, this.#code]) field.value = "";
    } else if (connection === "off" && isUsable(before)) {
      this.#used = false;
      // From its top, where a notice says why the session is over.
      byId("page", HTMLElement).scrollIntoView({ behavior: "instant" });
      this.#firstField().focus({ preventScroll: true });
    } else if (connection === "off" && before.connection === "starting") {
      const field = this.#keyForm.hidden ? this.#password : this.#key;
      field.focus();
      field.select();
    }
  }

  #firstField() {
    return this.#keyForm.hidden ? this.#email : this.#key;
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {() => void} action
 */
function onSubmit(form, action) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    action();
  });
}
