/**
 * The commands of the user. Their results arrive as events.
 *
 * @import {InfoEvent} from "../common/protocol.d.ts"
 * @import {Link} from "./link.js"
 * @import {Place} from "./state.js"
 * @import {Store} from "./store.js"
 */

import { grouped } from "../common/grouped.js";
import { isIncoming, isTalking, keyOf, partyIn } from "./calls.js";
import { addDigit, Tones } from "./tones.js";

export class Commands {
  #link;
  #store;
  #listen;
  #tones = new Tones(async (key, digits) => {
    await this.#link()?.run(`call ${key}`, (connector) => {
      return done(connector.sendDigits(this.#idOf(key), digits));
    });
  });

  /**
   * @param {() => Link | null} link returns the current link
   * @param {Store} store
   * @param {() => void} listen plays the ring tone once
   */
  constructor(link, store, listen) {
    this.#listen = listen;
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
   * @param {boolean} on whether to hold the call, or to resume it
   */
  hold(key, on) {
    const id = this.#idOf(key);
    void this.#run(`call ${key}`, (connector) => done(on ? connector.hold(id) : connector.resume(id)));
  }

  /**
   * Hold a call, and ask somebody about it.
   *
   * @param {string} key
   * @param {string} destination
   */
  consult(key, destination) {
    const place = /** @type {Place} */ (`call ${key}`);
    if (!destination) return this.#refuse(place, "EMPTY_DESTINATION");
    void this.#run(place, async (connector) => {
      await done(connector.consult(this.#idOf(key), destination));
      this.#store.set({ transfer: "" });
    });
  }

  /**
   * @param {string} first
   * @param {string} second
   */
  completeTransfer(first, second) {
    const ids = /** @type {const} */ ([this.#idOf(first), this.#idOf(second)]);
    void this.#run("pair", (connector) => done(connector.completeTransfer(...ids)));
  }

  /** @param {string} held the call to resume; the other one is put on hold */
  alternate(held) {
    void this.#run("pair", (connector) => done(connector.alternate(this.#idOf(held))));
  }

  /**
   * Give up the second call. The server resumes the first one only if the second was not answered.
   *
   * @param {string} first
   * @param {string} second
   */
  backTo(first, second) {
    const isOnHold = () => {
      const call = this.#store.state.calls.find((one) => keyOf(one) === first);
      return call?.status === "ON_HOLD";
    };
    const answered = this.#store.state.calls.some((one) => keyOf(one) === second && isTalking(one));
    void this.#run("pair", async (connector) => {
      await done(connector.terminate(this.#idOf(second)));
      if (answered && isOnHold()) await done(connector.resume(this.#idOf(first)));
    });
  }

  /** @param {string} key */
  park(key) {
    const call = this.#store.state.calls.find((one) => keyOf(one) === key);
    void this.#run(`call ${key}`, async (connector) => {
      const { name, number } = call ? partyIn(this.#store.state, call) : { name: "", number: "" };
      const slot = await done(connector.park(this.#idOf(key)));
      this.#store.set({ parked: { slot: String(slot), name: name || grouped(number) } });
    });
  }

  /** @param {string} slot */
  unpark(slot) {
    void this.#run("park", async (connector) => {
      await done(connector.unpark(slot));
      if (this.#store.state.parked?.slot === slot) this.#store.set({ parked: null });
    });
  }

  /**
   * Send a keypad tone.
   *
   * @param {string} key
   * @param {string} digit
   */
  press(key, digit) {
    const { digits } = this.#store.state;
    this.#store.set({ digits: { ...digits, [key]: addDigit(digits[key] ?? "", digit) } });
    void this.#tones.press(key, digit);
  }

  /**
   * @param {string} id of a colleague whose row is visible, or no longer
   * @param {boolean} wanted
   */
  follow(id, wanted) {
    this.#link()?.following.follow(id, wanted);
  }

  /** @param {string} id of a colleague who becomes a favourite, or is one no longer */
  favour(id) {
    const { favourites } = this.#store.state;
    const others = favourites.filter((one) => one !== id);
    this.#store.set({ favourites: favourites.includes(id) ? others : [...others, id] });
  }

  /** @param {string} id of a colleague whose phone rings */
  pickUp(id) {
    void this.#run("people", async (connector) => {
      const call = connector.calls.find((one) => one.node === `user:${id}` && isIncoming(one));
      if (!call) throw Object.assign(new Error("The call has ended."), { code: "UNKNOWN_CALL" });
      await done(connector.pickup(call.id));
    });
  }

  listen() {
    this.#listen();
  }

  /** @param {boolean} on */
  doNotDisturb(on) {
    void this.#run("dnd", async (connector) => {
      this.#store.set({ dnd: await done(connector.setDoNotDisturb(on)) });
    });
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

/**
 * @template Result
 * @param {Promise<Result>} command
 * @returns {Promise<Exclude<Result, InfoEvent>>} rejects if the call's state does not allow the command
 */
async function done(command) {
  const result = await command;
  const info = /** @type {InfoEvent | null} */ (
    typeof result === "object" && result !== null && "name" in result && result.name === "INFO" ? result : null
  );
  if (info) throw info;
  return /** @type {Exclude<Result, InfoEvent>} */ (result);
}
