/**
 * The line "Try it": logs in and lets people call, with one click each. Only where the embedded PBX
 * serves the page; no customer's page needs anything of it.
 *
 * @typedef Caller
 * @property {string} label what the button says
 * @property {string} from the caller's number
 * @property {string} [name] as the network tells it
 * @property {string} [to] a node such as `queue:77`; the one who is logged in where it is missing
 *
 * @typedef {(email: string, password: string) => Promise<unknown>} LogIn
 */

import { button, byId } from "../dom.js";
import { control, loadState } from "../outside/pbx.js";

/** What every page's connector needs: with the same options, the pages share one worker. */
export const OPTIONS = { apiEndpoint: "/v1.2/voipstudio", defaultCountry: "GB" };

/** The demo directory's published logins; they protect nothing. */
const LOGINS = [
  { name: "Anna", email: "anna@example.com" },
  { name: "Ben", email: "ben@example.com" },
];
export const PASSWORD = "demo";

/**
 * @param {Window["connector"]} connector
 * @param {Caller[]} callers who may call
 * @param {LogIn} [logIn] as the page itself does it
 */
export async function startDemo(connector, callers, logIn) {
  if (!(await loadState())) return;
  const place = byId("demo-bar", HTMLElement);
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

  /** What is being done; one thing at a time. */
  let doing = "";
  let problem = "";
  const tell = () => {
    const connecting = shown === "out" && connector.status === "connecting";
    const progress = doing || (connecting ? "Connecting…" : "");
    status.textContent = progress || problem;
    status.dataset.kind = progress ? "progress" : "problem";
    for (const one of buttons.children) one.ariaDisabled = progress ? "true" : null;
  };
  /**
   * @param {string} progress shown at once, as the first start of the connector takes a while
   * @param {() => Promise<unknown>} work
   */
  const run = async (progress, work) => {
    if (doing) return;
    [doing, problem] = [progress, ""];
    tell();
    try {
      await work();
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    doing = "";
    tell();
  };
  const logins = LOGINS.map(({ name, email }) =>
    button(`Log in as ${name}`, "chip", () =>
      run(`Logging in as ${name}…`, () =>
        logIn ? logIn(email, PASSWORD) : connector.login(email, PASSWORD),
      ),
    ),
  );
  const calls = callers.map(({ label, from, name = "", to }) =>
    button(label, "chip", () =>
      run("Calling…", () =>
        control("incoming", { to: to ?? connector._getParam("user_id"), from, name }),
      ),
    ),
  );
  let shown = "";
  const show = () => {
    const { status: now } = connector;
    // While a session is being restored, nobody has to log in.
    const wanted = now === "ready" ? "ready" : now === "connecting" ? shown : "out";
    if (wanted !== shown) {
      shown = wanted;
      const focused = buttons.contains(document.activeElement);
      text.textContent = wanted === "ready" ? "Try it: let someone call." : "Try it:";
      buttons.replaceChildren(...(wanted === "ready" ? calls : logins));
      if (focused) buttons.querySelector("button")?.focus();
      place.hidden = wanted === "ready" && calls.length === 0;
    }
    tell();
  };
  connector.on("state", show);
  show();
}
