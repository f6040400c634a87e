/**
 * Formats names and times for people.
 */

/**
 * @param {string} name
 * @returns {string} at most two letters, `""` if the name has no letters
 */
export function initials(name) {
  const letters = name.split(/[\s,.&_-]+/u).flatMap((word) => word.match(/^\p{L}/u) ?? []);
  const [first = "", last = ""] = [letters[0], letters.length > 1 ? letters.at(-1) : ""];
  return (first + last).toLocaleUpperCase();
}

/**
 * @param {number} seconds
 * @returns {string} such as `0:07`, `12:34` or `1:02:03`
 */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  const rest = two(whole % 60);
  return hours ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** The formatters of one language. */
export class Format {
  #time;
  #date;
  #plural;
  #minutes;
  #seconds;
  #collator;

  /** @param {string} lang */
  constructor(lang) {
    this.#time = new Intl.DateTimeFormat(lang, { timeStyle: "short" });
    this.#date = new Intl.DateTimeFormat(lang, { day: "numeric", month: "short" });
    this.#plural = new Intl.PluralRules(lang);
    const unit = { style: /** @type {const} */ ("unit"), unitDisplay: /** @type {const} */ ("short") };
    this.#minutes = new Intl.NumberFormat(lang, { ...unit, unit: "minute" });
    this.#seconds = new Intl.NumberFormat(lang, { ...unit, unit: "second" });
    this.#collator = new Intl.Collator(lang, { sensitivity: "base" });
  }

  /**
   * @param {number} time epoch milliseconds
   * @param {number} now
   * @returns {string} the time if it is today, otherwise the day
   */
  when(time, now) {
    const [one, other] = [new Date(time), new Date(now)];
    return one.toDateString() === other.toDateString()
      ? this.#time.format(one)
      : this.#date.format(one);
  }

  /**
   * @param {number} seconds
   * @returns {string} such as `2 min 5 sec`
   */
  duration(seconds) {
    const whole = Math.round(seconds);
    const minutes = Math.floor(whole / 60);
    const rest = this.#seconds.format(whole % 60);
    return minutes ? `${this.#minutes.format(minutes)} ${rest}` : rest;
  }

  /** @param {number} count */
  plural(count) {
    return this.#plural.select(count);
  }

  /**
   * @param {string} one
   * @param {string} other
   */
  compare(one, other) {
    return this.#collator.compare(one, other);
  }
}
