/**
 * What a WebSocket has received. In a rush many messages are there at once, and together they cost
 * Python much less than one by one.
 */

/** Stands between the texts: neither JSON nor SIP can hold it. */
export const END = "\0";
/** So many go together; then others have a turn. */
const MOST = 32;

/** Hands over what came in until now, in order, as soon as the browser has no more of it. */
export class ReceiveQueue {
  /** @type {string[]} */
  #texts = [];
  #turn = new MessageChannel();
  #enter;

  /** @param {(kind: "text" | "texts", text: string | Uint8Array) => void} enter */
  constructor(enter) {
    this.#enter = enter;
    this.#turn.port1.onmessage = () => this.empty();
  }

  /** @param {string | ArrayBuffer} data one message */
  add(data) {
    if (typeof data !== "string" || data.includes(END)) {
      this.empty();
      this.#enter("text", typeof data === "string" ? data : new Uint8Array(data));
      return;
    }
    // A timer would be held back in the background.
    if (!this.#texts.length) this.#turn.port2.postMessage(null);
    if (this.#texts.push(data) === MOST) this.empty();
  }

  /** Hand over what is there. */
  empty() {
    const texts = this.#texts;
    this.#texts = [];
    if (texts.length) this.#enter(texts.length > 1 ? "texts" : "text", texts.join(END));
  }

  /** Nothing more comes. */
  close() {
    this.#texts = [];
    this.#turn.port1.close();
  }
}
