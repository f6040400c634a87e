/**
 * Contacts: what they are, and how they are found. Numbers are kept in E.164 form.
 *
 * @typedef Contact
 * @property {string} id
 * @property {string} name
 * @property {string} company
 * @property {string} role
 * @property {string} email
 * @property {{label: string, number: string}[]} numbers
 * @property {string} address
 * @property {string} about
 */

/** The country whose national numbers are understood in fields. */
const COUNTRY = "+44";
/** How many letters of a name fit into a circle. */
const INITIALS = 2;

/**
 * @param {string} text as people write it: `020 7946 0123`, `0044 …`, `+44 (0)20 …`, `1005`
 * @returns {string} E.164 form or an extension; `""` where it is neither
 */
export function readNumber(text) {
  const written = text.replace(/\(0\)/g, "").replace(/[\s().\/-]/g, "");
  const whole = written.replace(/^00/, "+").replace(/^0/, COUNTRY);
  return /^(\+[1-9]\d{6,14}|[1-9]\d{1,5})$/.test(whole) ? whole : "";
}

/**
 * @param {string} number in E.164 form
 * @returns {string} grouped as the country does it, where that is known here
 */
export function showNumber(number) {
  return number
    .replace(/^\+44(20)(\d{4})(\d{4})$/, "+44 $1 $2 $3")
    .replace(/^\+44(7\d{3})(\d{6})$/, "+44 $1 $2");
}

/**
 * @param {Contact[]} contacts
 * @param {string} number
 * @returns {Contact | undefined}
 */
export function findByNumber(contacts, number) {
  const wanted = readNumber(number);
  if (!wanted) return undefined;
  return contacts.find(({ numbers }) => numbers.some((one) => one.number === wanted));
}

/**
 * Every word has to be found somewhere: in the name, the company, the address, or as digits.
 *
 * @param {Contact[]} contacts
 * @param {string} query
 * @returns {Contact[]} by name
 */
export function search(contacts, query) {
  const phone = query.replace(/[\s()-]/g, "").replace(/^0/, "");
  const words = plain(query).split(/\s+/).filter(Boolean);
  const matches = (/** @type {Contact} */ contact) => {
    const { name, company, role, email, address, numbers } = contact;
    const text = plain([name, company, role, email, address].join(" "));
    const dialled = /^\+?\d{3,}$/.test(phone) && numbers.some((one) => one.number.includes(phone));
    return dialled || words.every((word) => text.includes(word));
  };
  return contacts
    .filter(matches)
    .sort((one, other) => one.name.localeCompare(other.name, "en"));
}

/**
 * @param {string} name
 * @returns {string} such as `AM`
 */
export function initials(name) {
  const letters = name.split(/\s+/).map((word) => /\p{L}/u.exec(word)?.[0] ?? "");
  const first = letters.filter(Boolean);
  return (first.length > INITIALS ? [first[0], first.at(-1)] : first).join("").toUpperCase() || "?";
}

/**
 * @param {Contact} contact
 * @returns {string} such as `Buyer, Morgan Cycles`
 */
export function positionOf({ role, company }) {
  return [role, company].filter(Boolean).join(", ");
}

/**
 * Letters without case and accents.
 *
 * @param {string} text
 */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
