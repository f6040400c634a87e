/**
 * A telephone number as people read it. The dialer and the pages of the demo group alike.
 */

/** Countries whose code has one digit, and those with two; all others have three (ITU-T E.164). */
const SHORT_CODES = /^(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

/**
 * National numbers by the country's code, with a group for each block of digits: where a country
 * writes its numbers in one way, or by area codes that the first digits tell.
 *
 * @type {Record<string, RegExp[]>}
 */
const LAYOUTS = {
  1: [/^(\d{3})(\d{3})(\d{4})$/],
  33: [/^(\d)(\d\d)(\d\d)(\d\d)(\d\d)$/],
  34: [/^(\d{3})(\d{3})(\d{3})$/],
  44: [
    /^(2\d)(\d{4})(\d{4})$/,
    /^([38]\d\d|1\d1|11\d)(\d{3})(\d{4})$/,
    /^([17]\d{3})(\d{6})$/,
  ],
};

/**
 * Everywhere else the groups go by length only: where an area code ends is known to
 * `pycti.numbers`, not here. A copy of it can be dialled, as blanks do not count.
 *
 * @param {string} number
 * @returns {string} an E.164 number in groups; anything else as it is
 */
export function grouped(number) {
  if (!/^\+\d{7,17}$/.test(number)) return number;
  const digits = number.slice(1);
  const code = SHORT_CODES.exec(digits)?.[0] ?? digits.slice(0, 3);
  const rest = digits.slice(code.length);
  const layout = LAYOUTS[code]?.find((one) => one.test(rest));
  const groups = layout?.exec(rest)?.slice(1) ?? byLength(rest);
  return [`+${code}`, ...groups].join(" ");
}

/**
 * Threes first, then as many fours as it takes: 3 3 4, 3 4 4, 4 4.
 *
 * @param {string} digits
 */
function byLength(digits) {
  const fours = digits.length < 7 ? 0 : digits.length % 3;
  const end = digits.length - 4 * fours;
  const threes = digits.slice(0, end).match(/\d{3}(?=\d{3}|$)|\d+/g) ?? [];
  return [...threes, ...(digits.slice(end).match(/\d{4}/g) ?? [])];
}
