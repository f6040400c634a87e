/**
 * Sends keypad tones in the order in which the keys are pressed. Keys that are pressed while the server
 * has not answered yet are sent together in the next request.
 */

/** The characters that are shown of the keys pressed. */
const SHOWN = 64;

export class Tones {
  #send;
  /** @type {Map<string, string>} the digits that wait, by the call's key */
  #waiting = new Map();

  /** @param {(key: string, digits: string) => Promise<unknown>} send never rejects */
  constructor(send) {
    this.#send = send;
  }

  /**
   * @param {string} key of the call
   * @param {string} digit
   */
  async press(key, digit) {
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined) {
      this.#waiting.set(key, waiting + digit);
      return;
    }
    let digits = digit;
    while (digits) {
      this.#waiting.set(key, "");
      await this.#send(key, digits);
      digits = this.#waiting.get(key) ?? "";
    }
    this.#waiting.delete(key);
  }
}

/**
 * @param {string} digits
 * @param {string} digit
 * @returns {string} the digits to show
 */
export function addDigit(digits, digit) {
  return (digits + digit).slice(-SHOWN);
}
