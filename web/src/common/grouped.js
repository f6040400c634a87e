/**
 * Groups the digits of a telephone number for people. The dialer and the demo pages use the same groups.
 */

/** Country codes of one digit, and of two digits. All others have three (ITU-T E.164). */
const SHORT_CODES = /^(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

/**
 * The layout of national numbers for each country code, with a group for each block of digits. The
 * listed countries have one layout, or the first digits show the length of the area code.
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
 * Group a number. For all other countries, the groups depend only on the length: `pycti.numbers` knows
 * where an area code ends, but this script does not. Users can copy and dial the result, because the
 * connector ignores spaces.
 *
 * @param {string} number
 * @returns {string} an E.164 number in groups; any other text unchanged
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
 * First groups of three, then as many groups of four as needed: 3 3 4, 3 4 4, 4 4.
 *
 * @param {string} digits
 */
function byLength(digits) {
  const fours = digits.length < 7 ? 0 : digits.length % 3;
  const end = digits.length - 4 * fours;
  const threes = digits.slice(0, end).match(/\d{3}(?=\d{3}|$)|\d+/g) ?? [];
  return [...threes, ...(digits.slice(end).match(/\d{4}/g) ?? [])];
}
