/**
 * The commands of the user. Their results arrive as events.
 *
 * @import {Link} from "./link.js"
 * @import {Place} from "./state.js"
 * @import {Store} from "./store.js"
 */

export class Commands {
  #link;
  #store;

  /**
   * @param {() => Link | null} link returns the current link
   * @param {Store} store
   */
  constructor(link, store) {
    this.#link = link;
    this.#store = store;
  }

  /**
   * @param {string} email
   * @param {string} password
   */
  logIn(email, password) {
    if (!email) this.#refuse("login", "NO_EMAIL");
    else if (!password) this.#refuse("login", "NO_PASSWORD");
    else void this.#run("login", (connector) => connector.login(email, password));
  }

  /** @param {string} key */
  logInByKey(key) {
    if (!key) this.#refuse("key", "NO_KEY");
    else void this.#run("key", (connector) => connector.login(key));
  }

  /** @param {string} code */
  confirm(code) {
    const { nonce } = this.#store.state;
    if (!code) this.#refuse("code", "NO_CODE");
    else void this.#run("code", (connector) => connector.twoFactorAuth(code, nonce));
  }

  logOut() {
    void this.#link()?.connector.logout();
  }

  refresh() {
    void this.#link()?.refresh();
  }

  /** @param {string} number */
  call(number) {
    if (!number) this.#refuse("dial", "EMPTY_DESTINATION");
    else void this.#run("dial", (connector) => connector.call(number));
  }

  /** @param {string} key */
  answer(key) {
    void this.#run(`call ${key}`, (connector) => connector.answer(this.#idOf(key)));
  }

  /** @param {string} key */
  hangUp(key) {
    void this.#run(`call ${key}`, (connector) => connector.terminate(this.#idOf(key)));
  }

  /**
   * @param {string} key
   * @param {string} destination
   */
  transfer(key, destination) {
    const place = /** @type {Place} */ (`call ${key}`);
    if (!destination) this.#refuse(place, "EMPTY_DESTINATION");
    else void this.#run(place, (connector) => connector.transfer(this.#idOf(key), destination));
  }

  /**
   * @param {string} key
   * @returns {string} the call's current id
   */
  #idOf(key) {
    const call = this.#store.state.calls.find(({ id, requestId }) => (requestId || id) === key);
    return call?.id ?? key;
  }

  /**
   * @param {Place} place
   * @param {Parameters<Link["run"]>[1]} command
   */
  #run(place, command) {
    return this.#link()?.run(place, command);
  }

  /**
   * @param {Place} place
   * @param {string} code the error code for input that is wrong and need not be sent
   */
  #refuse(place, code) {
    this.#store.dispatch({ type: "failed", place, error: { code, message: "" } });
  }
}
