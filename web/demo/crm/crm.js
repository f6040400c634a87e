/**
 * Spoke CRM: who calls is looked up in the contacts, the contact's page comes up, and what was said
 * is in the log.
 *
 * @import {Contact} from "./contacts.js"
 * @import {LoggedCall} from "./database.js"
 */

import { loadColleagues } from "../colleagues.js";
import { OPTIONS, startDemo } from "../common/demo.js";
import { grouped } from "../common/grouped.js";
import { byId, setText } from "../dom.js";
import { partyOf } from "../words.js";
import { CallsView } from "./calls-view.js";
import { ContactView } from "./contact-view.js";
import { findByNumber, readNumber } from "./contacts.js";
import { ContactsView } from "./contacts-view.js";
import { Database } from "./database.js";
import { EditView } from "./edit-view.js";
import { LogView } from "./log-view.js";
import { currentRoute, linkTo } from "./route.js";
import { timeOf } from "./words.js";

const SITE = "Spoke CRM";
const NOBODY = new Map();

const connector = new Cti.Connector({ ...OPTIONS, onMessage() {} });
window.connector = connector;
const dialer = byId("dialer", HTMLElement);
Object.assign(dialer, { connector });
connector.clickToCall();

const opened = Database.open();
/** @type {Contact[]} */
let contacts = [];
/** @type {LoggedCall[]} */
let log = [];
/** Names of the agents by node. @type {Map<string, string>} */
let agents = new Map();
/** Whether the page came up by itself, and so leaves the focus where it is. */
let popped = false;
/** The contact, by id, or number whose page is open. */
let current = "";

const putNotes = async (/** @type {string} */ key, /** @type {string} */ notes) => {
  await (await opened).putNotes(key, notes);
  await load();
};
const list = new ContactsView();
const calls = new CallsView(connector, putNotes);
const recent = new LogView("recent", "no-recent", putNotes);
const history = new LogView("history", "no-history", putNotes);
const page = new ContactView(addNumber);
const edit = new EditView(save, leave, remove);

// The telephone

connector.on("pop", ({ call, contact }) => {
  // What is half typed is not taken away; the call's own panel has a link.
  const typing = ["new", "edit"].includes(currentRoute().page);
  if (typing || document.querySelector(".log-edit:not([hidden])")) return;
  const number = readNumber(call.source);
  if (contact) popUp(linkTo("contact", String(contact.id)));
  else if (number) popUp(linkTo("number", number));
});
connector.on("log", async (record) => {
  calls.onLog(record);
  await (await opened).putCall(record);
  await load();
});
connector.on("state", () => {
  calls.render(contacts, current);
  showLog();
});
connector.on("READY", async () => {
  void addMissedCalls();
  if (agents.size > 0) return;
  const people = await loadColleagues(connector);
  agents = new Map(people.map(({ id, name }) => [`user:${id}`, name]));
  showLog();
});

/** The server knows the calls of the time when the CRM was not open. */
async function addMissedCalls() {
  if (!connector.features.has("history")) return;
  const records = await connector.history();
  if (!Array.isArray(records)) return;
  await (await opened).addMissing(records);
  await load();
}

/** The telephone asks anew who the callers are. */
function giveNames() {
  connector.lookup = async (number) => {
    const contact = findByNumber(contacts, number);
    if (!contact) return null;
    const { id, name, company } = contact;
    return { id, name, company, url: new URL(linkTo("contact", id), location.href).href };
  };
}

/** @param {string} address */
function popUp(address) {
  if (location.hash === address) return;
  popped = true;
  location.hash = address;
}

// The database

/** What is shown comes from the database, whichever tab has written it. */
async function load() {
  const database = await opened;
  const known = JSON.stringify(contacts);
  [contacts, log] = await Promise.all([database.contacts(), database.calls()]);
  if (JSON.stringify(contacts) !== known) giveNames();
  show();
}

/** @param {Contact} contact */
async function save(contact) {
  await (await opened).putContact(contact);
  await load();
  location.hash = linkTo("contact", contact.id);
  say(`${contact.name} is saved.`);
}

/** @param {Contact | null} contact */
function leave(contact) {
  location.hash = contact ? linkTo("contact", contact.id) : "#/";
}

/** @param {Contact} contact */
async function remove(contact) {
  await (await opened).deleteContact(contact.id);
  location.hash = "#/";
  await load();
  say(`${contact.name} is deleted.`);
}

/**
 * @param {string} id
 * @param {string} number
 */
async function addNumber(id, number) {
  const contact = contacts.find((one) => one.id === id);
  if (!contact) return;
  const label = number.startsWith("+447") ? "Mobile" : "Other";
  await save({ ...contact, numbers: [...contact.numbers, { label, number }] });
}

// The page

/** @param {string} text for those who do not see it */
function say(text) {
  byId("say", HTMLElement).textContent = text;
}

function show() {
  const route = currentRoute();
  const id = route.page === "contact" || route.page === "edit" ? route.id : "";
  const number = route.page === "number" ? route.number : "";
  // A number that belongs to somebody by now shows that one.
  const contact = contacts.find((one) => one.id === id) ?? findByNumber(contacts, number);
  const editing = route.page === "new" || (route.page === "edit" && contact !== undefined);
  const welcome = !editing && !contact && !number;
  document.body.dataset.page = welcome ? "welcome" : "other";
  byId("welcome", HTMLElement).hidden = !welcome;
  const given = route.page === "new" ? readNumber(route.number) : "";
  if (editing) edit.show(contact ?? null, given, nameFrom(given));
  else edit.hide();
  if (editing || welcome) page.hide();
  else if (contact) page.showContact(contact);
  else page.showNumber(number, contacts);

  current = contact?.id ?? number;
  list.render(contacts, current);
  calls.render(contacts, current);
  const numbers = contact ? contact.numbers.map((one) => one.number) : [number];
  const theirs = log.filter((call) => call.number !== "" && numbers.includes(call.number));
  history.render(theirs, contacts, agents);
  showLog();
  const title = editing ? byId("edit-title", HTMLElement).textContent : (contact?.name ?? grouped(number));
  document.title = `${title || "Contacts"} – ${SITE}`;
}

/**
 * @param {string} number
 * @returns {string} what the network calls the one who has it
 */
function nameFrom(number) {
  if (number === "") return "";
  const parties = [...connector.calls.map(partyOf), ...log];
  return parties.find((party) => party.number === number)?.name ?? "";
}

function showLog() {
  const all = byId("whose-all", HTMLInputElement).checked;
  const user = connector._getParam("user_id");
  // While nobody is logged in, nothing is anybody's own.
  const shown = all || !user ? log : log.filter(({ node }) => node === `user:${user}`);
  recent.render(shown, contacts, all ? agents : NOBODY);
  const today = log.filter((call) => isToday(timeOf(call)));
  setText(byId("count-contacts", HTMLElement), String(contacts.length));
  setText(byId("count-today", HTMLElement), String(today.length));
  const missed = today.filter(({ outcome }) => outcome === "missed");
  setText(byId("count-missed", HTMLElement), String(missed.length));
}

/** @param {number} time */
function isToday(time) {
  return new Date(time).toDateString() === new Date().toDateString();
}

for (const id of ["whose-mine", "whose-all"]) {
  byId(id, HTMLInputElement).addEventListener("change", showLog);
}
byId("reset", HTMLButtonElement).addEventListener("click", async () => {
  await (await opened).reset();
  await load();
  say("The sample contacts are back, and the log is empty.");
});
addEventListener("hashchange", () => {
  // The skip link is no page.
  if (location.hash && !location.hash.startsWith("#/")) return;
  show();
  if (!popped) focusPage();
  popped = false;
});

/** The keyboard goes on where the eye does. */
function focusPage() {
  const titles = ["welcome-title", "contact-name", "edit-title"];
  const title = titles.map((id) => byId(id, HTMLElement)).find((one) => one.checkVisibility());
  title?.focus();
}

// Beside the page where there is room for it, else in the corner.
const wide = matchMedia("(min-width: 75rem)");
function place() {
  if (wide.matches) dialer.removeAttribute("placement");
  else dialer.setAttribute("placement", "corner");
}
wide.addEventListener("change", place);
place();

(await opened).onChange(() => void load());
await load();
void startDemo(connector, [
  { label: "Let Alex Morgan call", from: "+442036427900", name: "Alex Morgan" },
  { label: "Let Hanna Holt call", from: "+442079460107", name: "" },
  { label: "Let an unknown number call", from: "+442079460123", name: "Mia Karlsson" },
]);
