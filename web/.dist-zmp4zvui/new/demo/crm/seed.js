/**
 * The contacts that a new database begins with. Those whose numbers the demo's PBX knows do what it
 * says of them: they answer, are busy, decline. The others answer.
 *
 * @import {Contact} from "./contacts.js"
 */

/** @type {Contact[]} */
export const SEED = [
  person("Alex Morgan", "Morgan Cycles", "Owner", "+442036427900", {
    mobile: "+447700900121",
    address: "14 Wharf Road, London N1 7GR",
    about: "Two shops, a third one planned for spring. Prefers to be called before ten.",
  }),
  person("Blake Osei", "Osei & Daughters", "Purchasing", "+442079460101", {
    address: "81 Mare Street, London E8 3RH",
    about: "The line is often engaged on Mondays. Pays within seven days.",
  }),
  person("Nora Quill", "Quill Couriers", "Fleet manager", "+442079460102", {
    mobile: "+447700900347",
    address: "Unit 3, Long Lane, London SE1 4PB",
    about: "Forty cargo bikes. On the road most of the day: try the mobile.",
  }),
  person("Rita Flint", "Flint Frames", "Frame builder", "+442079460103", {
    address: "6 Ropewalk Mews, London E1 2LA",
    about: "Takes no calls at the bench. Write first.",
  }),
  person("Sam Lowe", "Lowe Touring", "Partner", "+442079460105", {
    address: "22 Park Parade, London NW10 5JX",
    about: "Guided tours from May to September.",
  }),
  person("Hugo Reyes", "Reyes Workshop", "Mechanic", "+442079460106", {
    mobile: "+447700900508",
    address: "Arch 42, Station Approach, London SE5 9QT",
    about: "Returns are his: hub gears and freewheels.",
  }),
  person("Hanna Holt", "Holt Leasing", "Account manager", "+442079460107", {
    address: "5 Cannon Yard, London EC4N 6AP",
    about: "Cycle-to-work scheme, 1,200 employees. Puts you on hold now and then.",
  }),
  person("Uma Reed", "Reed Community Bikes", "Chair", "+442079460108", {
    address: "The Old Library, Forest Hill, London SE23 3HZ",
    about: "A charity: ten percent off, no delivery charge.",
  }),
  person("Priya Anand", "Anand Sports", "Buyer", "+442079460131", {
    mobile: "+447700900214",
    address: "190 Upper Street, London N1 1RQ",
    about: "Orders for four branches, quarterly.",
  }),
  person("Tomás Ibáñez", "Ibáñez Import", "Director", "+442079460142", {
    address: "2 Tanner Street, London SE1 3LE",
    about: "Saddles and bags. Speaks Spanish and English.",
  }),
  person("Greta Lindqvist", "Nordlicht Lamps", "Sales", "+442079460153", {
    address: "77 Clerkenwell Road, London EC1R 5BU",
    about: "Our supplier of dynamo lamps.",
  }),
  person("Joe Adeyemi", "", "", "+447700900632", {
    address: "Flat 9, 12 Deptford High Street, London SE8 4AA",
    about: "Private customer. Bought the touring bike in June.",
  }),
];

/**
 * @param {string} name
 * @param {string} company
 * @param {string} role
 * @param {string} number
 * @param {{mobile?: string, address: string, about: string}} more
 * @returns {Contact}
 */
function person(name, company, role, number, { mobile, address, about }) {
  const id = plain(name);
  const own = number.startsWith("+447");
  const numbers = [{ label: own ? "Mobile" : "Office", number }];
  if (mobile) numbers.push({ label: "Mobile", number: mobile });
  const domain = company ? `${plain(company)}.example` : "mail.example";
  const email = `${id.split("-")[0]}@${domain}`;
  return { id, name, company, role, email, numbers, address, about };
}

/** @param {string} text */
function plain(text) {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z]+/g, "-")
    .replace(/^-|-$/g, "");
}
