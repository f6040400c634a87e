/**
 * What the declarations promise to a page's author, and what they must refuse.
 */

import namespace, { CALL_STATUS, Connector, DIRECTION, EVENT, log } from "../src/cti-connector.js";
import type {
  Call,
  CallEvent,
  Contact,
  CtiError,
  CtiEvent,
  CtiEventMap,
  Feature,
  LogRecord,
  Presence,
  Status,
} from "../src/cti-connector.js";

/** True where both are the same type. */
type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;
const same = <One, Other>(_same: Same<One, Other>): void => {};

// Making one

const connector = new Cti.Connector({ onMessage: (event) => same<typeof event, CtiEvent>(true) });
new Connector((event) => log(event.name));
new namespace.Connector({ onMessage() {}, persist: "none", load: "idle", pop: "all", shared: false });
// @ts-expect-error onMessage is required
new Connector({});
// @ts-expect-error there is no such choice
new Connector({ onMessage() {}, persist: "cookie" });
// @ts-expect-error an option that there is not
new Connector({ onMessage() {}, onEvent() {} });

// Events

same<
  keyof CtiEventMap,
  | CtiEvent["name"]
  | "event"
  | "state"
  | "status"
  | "contact"
  | "pop"
  | "log"
  | "presence"
  | "front"
>(true);
connector.on("status", ({ status, problem }) => log(`${status} ${problem?.code}`));
connector.on("CANCEL", ({ name, call, replay }) => {
  same<typeof name, "CANCEL">(true);
  same<typeof call.status, "HANGUP">(true);
  same<typeof replay, true | undefined>(true);
});
connector.terminate(1432310571129);
connector.on("RINGING", ({ name, call }) => {
  same<typeof name, "RINGING">(true);
  same<typeof call.status, "RINGING">(true);
});
connector.on("SUBSCRIBED", ({ uri, node }) => same<typeof uri | typeof node, string>(true));
connector.on("TWO_FACTOR_AUTH", ({ nonce }) => connector.twoFactorAuth("123456", nonce));
connector.on("ERROR", ({ code }) => same<typeof code, string>(true));
connector.on("LOGGED_OUT", ({ code }) => same<typeof code, string | undefined>(true));
connector.on("event", (event) => {
  if (event.name === "HANGUP") same<typeof event.call.cause, string>(true);
  // @ts-expect-error only some events have a call
  event.call;
});
connector.on("state", ({ status }) => same<typeof status, Status>(true));
connector.on("front", ({ front }) => same<typeof front, boolean>(true));
connector.on("pop", ({ call, contact }) => {
  same<typeof call, Call>(true);
  same<typeof contact, Contact | null>(true);
});
connector.on("contact", ({ contact }) => same<typeof contact, Contact>(true));
connector.on("presence", ({ node, presence }) => {
  same<typeof presence, Presence>(true);
  connector.presence(node).then((now) => same<typeof now, Presence>(true));
});
same<typeof connector.features, Set<Feature>>(true);
if (connector.features.has("park")) {
  connector.park("143").then((slot) => {
    if (typeof slot === "string") connector.unpark(slot);
  });
}
connector.history({ since: 0, limit: 10 }).then((records) => {
  if (Array.isArray(records)) same<typeof records, LogRecord[]>(true);
});
connector.consult(143, "1003").then((event) => {
  if ("call" in event) connector.completeTransfer(143, event.call.id);
});
connector.setDoNotDisturb(true);
// @ts-expect-error not a boolean
connector.setDoNotDisturb("on");
// @ts-expect-error there is no such feature
connector.features.has("fly");
connector.on("log", (record) => same<typeof record, LogRecord>(true));
const stop: () => void = connector.on("READY", () => {}, { signal: new AbortController().signal });
stop();
connector.off("READY", stop);
connector.on(EVENT.READY, ({ name }) => same<typeof name, "READY">(true));
// @ts-expect-error an event that there is not
connector.on("LOOGED_IN", () => {});
// @ts-expect-error not a function
connector.on("READY", "no");
// @ts-expect-error RINGING has no message
connector.on("RINGING", ({ message }) => message);

// A listener for any name

function follow<Name extends keyof CtiEventMap>(name: Name): Promise<CtiEventMap[Name]> {
  return new Promise((resolve) => connector.on(name, resolve));
}
follow("READY").then(({ name }) => same<typeof name, "READY">(true));

// Commands

connector.login("anna@example.com", "secret").then((event) => {
  if (event.name === "TWO_FACTOR_AUTH") connector.twoFactorAuth(123456, event.nonce);
});
connector.login("10002:key").then(({ name }) => same<typeof name, "READY">(true));
connector.call("+442036427900").then((event) => same<typeof event, CallEvent>(true));
connector.answer();
connector.transfer("143", 1003).catch(({ code, hint }: CtiError) => `${code}: ${hint}`);
connector.note("143", "Wants a quote.").then((notes) => same<typeof notes, string>(true));
connector.note("143");
connector.apiRequest<{ id: number }>("GET", "/me").then(({ id }) => same<typeof id, number>(true));
connector.apiRequest("GET", "/users", null, console.log, console.error);
// @ts-expect-error the password, or a key alone
connector.login();
// @ts-expect-error a call needs a destination
connector.call();
// @ts-expect-error TRACE is none of the methods
connector.apiRequest("TRACE", "/me");

// The rest

same<typeof connector.calls, Call[]>(true);
same<typeof connector.status, Status>(true);
connector.lookup = async (number, call) => ({ name: number, company: call.destinationName });
connector.lookup = () => null;
connector.lookup = null;
connector.pop = "none";
connector.clickToCall({ root: document, texts: { ringing: "{number}" } }).disable();
same<typeof CALL_STATUS.ON_HOLD, "ON_HOLD">(true);
same<typeof DIRECTION.IN, "INBOUND">(true);
// @ts-expect-error a contact has a name
connector.lookup = () => ({ company: "Morgan Ltd" });
// @ts-expect-error read only
connector.front = true;
// @ts-expect-error read only
connector.calls = [];
// @ts-expect-error a member that there is not
connector.hangUp("143");
