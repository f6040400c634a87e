/**
 * What a remembered session needs first, requested while Python loads: the account, and the
 * WebSocket to the SIP server. Python takes both over when it asks for the same; it decides.
 *
 * @import {Resume} from "../common/protocol.d.ts"
 */

import { own } from "../common/own.js";
import { readMessage } from "../common/messages.js";

/** Python takes what it needs at once, so a socket that is left then is closed (milliseconds). */
const LEFT = 10_000;

/** The requests of one session, made once. */
export class HeadStart {
  #started = false;
  #url = "";
  #token = "";
  /** @type {Promise<Response> | null} */
  #answer = null;
  #abort = new AbortController();
  /** @type {WebSocket | null} */
  #socket = null;

  /** @param {string} text a page's message that Python will read later */
  see(text) {
    const hello = readMessage(text);
    if (this.#started || hello?.type !== "hello") return;
    const token = own(hello, "token");
    /** @type {Partial<Resume>} */
    const { account, server } = own(hello, "resume") ?? {};
    if (typeof token !== "string" || typeof account !== "string" || typeof server !== "string") return;
    this.#started = true;
    this.#url = account;
    this.#token = token;
    // As `pycti/platform/browser.py` makes the request.
    this.#answer = fetch(account, {
      headers: { Accept: "application/json", "X-Auth-Token": token },
      credentials: "omit",
      redirect: "error",
      cache: "no-store",
      signal: this.#abort.signal,
    });
    this.#answer.catch(() => {});
    try {
      this.#socket = new WebSocket(server, "sip");
    } catch {
      // Python opens it again, and reports why it cannot be opened.
    }
  }

  /**
   * @param {unknown} url
   * @param {RequestInit} [init]
   * @returns {Promise<Response> | null} the answer to this request, if it was made already
   */
  takeAnswer(url, { method, headers, signal } = {}) {
    const answer = this.#answer;
    const token = headers && Reflect.get(headers, "X-Auth-Token");
    if (!answer || url !== this.#url || method !== "GET" || token !== this.#token) return null;
    this.#answer = null;
    signal?.addEventListener("abort", () => this.#abort.abort(signal.reason));
    return answer;
  }

  /**
   * @param {string} url
   * @returns {WebSocket | null} the socket to this server, if it was opened and has not failed
   */
  takeSocket(url) {
    const socket = this.#socket;
    if (socket?.url !== new URL(url).href) return null;
    this.#socket = null;
    return socket.readyState <= WebSocket.OPEN ? socket : null;
  }

  /** Python has started: close what it does not take. */
  end() {
    setTimeout(() => this.#socket?.close(), LEFT);
  }
}
