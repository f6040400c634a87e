/**
 * The border between JavaScript and Python (`pycti/platform/border.py`): one text in, and
 * everything that follows from it as one text out.
 *
 * @import {PyProxy} from "./runtime.js"
 */

import { END, ReceiveQueue } from "./receive-queue.js";

/** Carries what pages and WebSockets say to Python, and does what Python wants done. */
export class PythonBridge {
  /** @type {PyProxy | null} Python's side */
  #enter = null;
  /** @type {Map<number, {socket: WebSocket, inbox: ReceiveQueue}>} */
  #sockets = new Map();
  #post;
  #takeSocket;
  #ready;

  /**
   * @param {(page: number, text: string) => void} post sends to a page, or to all with 0
   * @param {(url: string) => WebSocket | null} takeSocket returns one that was opened before
   * @param {() => void} ready is called when the session is ready
   */
  constructor(post, takeSocket, ready) {
    this.#post = post;
    this.#takeSocket = takeSocket;
    this.#ready = ready;
  }

  /** @param {PyProxy} enter from here on the border is open */
  open(enter) {
    this.#enter = enter;
  }

  /** Python is gone, or is being let go. */
  close() {
    const enter = this.#enter;
    this.#enter = null;
    for (const number of [...this.#sockets.keys()]) this.#closeSocket(number);
    try {
      enter?.destroy();
    } catch {
      // A Python that has died cannot let go any more.
    }
  }

  /**
   * @param {"page" | "open" | "text" | "texts" | "close"} kind
   * @param {number} number of the page or socket
   * @param {string | Uint8Array} text
   * @throws what Python does not handle
   */
  enter(kind, number, text) {
    if (this.#enter) this.do(this.#enter(kind, number, text));
  }

  /** @param {string} items what Python wants done, in order */
  do(items) {
    if (!items) return;
    for (const item of items.split(END)) {
      const space = item.indexOf(" ");
      const number = Number(item.slice(1, space));
      const text = item.slice(space + 1);
      switch (item[0]) {
        case "p":
          this.#post(number, text);
          break;
        case "s":
          this.#send(number, text);
          break;
        case "o":
          this.#openSocket(number, text);
          break;
        case "c":
          this.#closeSocket(number);
          break;
        case "r":
          this.#ready();
          break;
      }
    }
  }

  /**
   * @param {number} number
   * @param {string} text
   */
  #send(number, text) {
    const socket = this.#sockets.get(number)?.socket;
    if (socket?.readyState === WebSocket.OPEN) socket.send(text);
  }

  /**
   * @param {number} number
   * @param {string} url
   */
  #openSocket(number, url) {
    /** @type {WebSocket} */
    let socket;
    try {
      socket = this.#takeSocket(url) ?? new WebSocket(url, "sip");
    } catch (error) {
      // Not from here: Python is still busy with what it does after opening it.
      setTimeout(() => this.enter("close", number, `the browser refuses ${url}: ${String(error)}`));
      return;
    }
    const inbox = new ReceiveQueue((kind, text) => this.enter(kind, number, text));
    this.#sockets.set(number, { socket, inbox });
    socket.binaryType = "arraybuffer";
    const onOpen = () => this.#sockets.has(number) && this.enter("open", number, "");
    socket.onopen = onOpen;
    // Not from here either.
    if (socket.readyState === WebSocket.OPEN) setTimeout(onOpen);
    socket.onmessage = ({ data }) => inbox.add(data);
    socket.onclose = ({ code }) => {
      inbox.empty();
      // What it said last may have let Python close it.
      if (!this.#sockets.delete(number)) return;
      inbox.close();
      this.enter("close", number, `closed with code ${code}`);
    };
  }

  /** @param {number} number */
  #closeSocket(number) {
    const open = this.#sockets.get(number);
    if (!open) return;
    const { socket, inbox } = open;
    this.#sockets.delete(number);
    inbox.close();
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
