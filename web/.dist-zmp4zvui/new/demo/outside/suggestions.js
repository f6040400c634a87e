/**
 * What one can try on the page with the demo's people and numbers: each is one click.
 *
 * @import {PbxState} from "./pbx.js"
 */

import { button, byId } from "../dom.js";

/**
 * The demo directory's published logins; they protect nothing.
 *
 * @type {{text: string, email?: string, key?: string}[]}
 */
const LOGINS = [
  { text: "Anna", email: "anna@example.com" },
  { text: "Ben", email: "ben@example.com" },
  { text: "Dora, with code 123456", email: "dora@example.com" },
  { text: "Anna by API key", key: "demo-key-10002" },
];
const PASSWORD = "demo";

/** @param {PbxState} state */
export function showSuggestions(state) {
  showLogins();
  showNumbers(state);
  showNodes(state);
}

function showLogins() {
  const area = byId("demo-logins", HTMLElement);
  area.querySelector("ul")?.replaceChildren(
    ...LOGINS.map(({ text, email, key }) =>
      item(
        button(text, "chip", () => {
          byId(key ? "way-key" : "way-password", HTMLInputElement).click();
          byId("email", HTMLInputElement).value = email ?? "";
          byId("password", HTMLInputElement).value = email ? PASSWORD : "";
          byId("api-key", HTMLInputElement).value = key ?? "";
          const form = byId(key ? "key-form" : "password-form", HTMLFormElement);
          form.querySelector("button")?.focus();
        }),
      ),
    ),
  );
  area.hidden = false;
}

/** @param {PbxState} state */
function showNumbers({ outside, accounts }) {
  const field = byId("number", HTMLInputElement);
  const area = byId("numbers-to-try", HTMLDetailsElement);
  const people = accounts.map(({ ext, name, phone }) => {
    const state = phone.registered ? "" : " (has no phone)";
    return { number: ext, name: `${name}${phone.dnd ? " (do not disturb)" : state}` };
  });
  byId("known-numbers", HTMLDataListElement).replaceChildren(
    ...[...outside, ...people].map(({ number, name }) => new Option(name, number)),
  );
  // Ten numbers would push everything else off a small screen.
  area.open = matchMedia("(min-width: 62rem)").matches;
  area.querySelector("ul")?.replaceChildren(
    ...outside.map(({ number, name, does }) => {
      const made = button("", "choice", () => {
        field.value = number;
        field.focus();
      });
      made.append(line("choice-name", name || number), line("choice-does", does));
      return item(made);
    }),
  );
  area.hidden = false;
}

/** @param {PbxState} state */
function showNodes({ services }) {
  const list = byId("node-suggestions", HTMLElement);
  list.replaceChildren(
    ...services.map(({ node, name }) =>
      item(
        button(`${node} ${name}`, "chip", () => {
          const [type = "", id = ""] = node.split(":");
          byId("node-type", HTMLSelectElement).value = type;
          byId("node-id", HTMLInputElement).value = id;
          byId("follow", HTMLFormElement).querySelector("button")?.focus();
        }),
      ),
    ),
  );
  list.hidden = false;
}

/**
 * @param {string} className
 * @param {string} text
 */
function line(className, text) {
  const made = document.createElement("span");
  made.className = className;
  made.textContent = text;
  return made;
}

/** @param {HTMLElement} content */
function item(content) {
  const made = document.createElement("li");
  made.append(content);
  return made;
}
