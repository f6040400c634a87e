/**
 * The line "Try it": logs in and lets people call. Only where the embedded PBX serves the page; no
 * customer's page needs anything of it.
 *
 * @typedef Caller
 * @property {string} label what the button says
 * @property {string} from the caller's number
 * @property {string} [name] as the network tells it
 * @property {string} [to] a node such as `queue:77`; the one who is logged in where it is missing
 */

import { button } from "../dom.js";
import { control } from "../outside/pbx.js";

/** What every page's connector needs: with the same options, the pages share one worker. */
export const OPTIONS = { apiEndpoint: "/v1.2/voipstudio", defaultCountry: "GB" };

/** The demo directory's published logins; they protect nothing. */
const LOGINS = [
  { name: "Anna", email: "anna@example.com" },
  { name: "Ben", email: "ben@example.com" },
];
const PASSWORD = "demo";

/**
 * @param {Window["connector"]} connector
 * @param {HTMLElement} place an empty element with the class `demo-bar` and `hidden`
 * @param {Caller[]} callers who may call
 */
export async function startDemo(connector, place, callers) {
  if (!(await hasPbx())) return;
  const text = document.createElement("p");
  const buttons = document.createElement("div");
  buttons.className = "chips";
  const status = document.createElement("p");
  status.className = "demo-status";
  status.role = "status";
  const row = document.createElement("div");
  row.className = "wrap demo-row";
  row.append(text, buttons, status);
  place.append(row);

  /** @param {Promise<unknown>} work */
  const run = async (work) => {
    status.textContent = "";
    try {
      await work;
    } catch (error) {
      status.textContent = error instanceof Error ? error.message : String(error);
    }
  };
  const logins = LOGINS.map(({ name, email }) =>
    button(`Log in as ${name}`, "chip", () => run(connector.login(email, PASSWORD))),
  );
  const calls = callers.map(({ label, from, name = "", to }) =>
    button(label, "chip", () => {
      run(control("incoming", { to: to ?? connector._getParam("user_id"), from, name }));
    }),
  );
  let shown = "";
  const show = () => {
    const { status: now } = connector;
    // While a session is being restored, nobody has to log in.
    const wanted = now === "ready" ? "ready" : now === "connecting" ? shown : "out";
    if (wanted === shown) return;
    shown = wanted;
    const focused = buttons.contains(document.activeElement);
    text.textContent = wanted === "ready" ? "Try it: let someone call." : "Try it:";
    buttons.replaceChildren(...(wanted === "ready" ? calls : logins));
    if (focused) buttons.querySelector("button")?.focus();
    place.hidden = wanted === "ready" && calls.length === 0;
  };
  connector.on("state", show);
  show();
}

/** @returns {Promise<boolean>} */
async function hasPbx() {
  try {
    return (await fetch("/_pbx/state")).ok;
  } catch {
    return false;
  }
}
