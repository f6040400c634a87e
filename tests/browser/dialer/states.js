// Every state that the dialer can be in, by what a connector would tell it.

window.dialer = document.querySelector("cti-dialer");
dialer.connector = fake;

const root = dialer.shadowRoot;
const find = (selector, text = "") =>
  [...root.querySelectorAll(selector)].find((one) => one.textContent.includes(text));
const settle = () => new Promise((resolve) => setTimeout(resolve));
const ago = (seconds) => Date.now() - seconds * 1000;
const outbound = { direction: "OUTBOUND", id: "r1", requestId: "r1", sourceName: "", source: "1002" };

function type(name, text) {
  const field = root.querySelector(`[name=${name}]`);
  field.value = text;
  field.dispatchEvent(new Event("input"));
}

async function ready() {
  fake.ready();
  await settle();
}

function pastCall(id, name, number, { talked = 0, inbound = false, seconds = 0 } = {}) {
  const party = inbound ? { sourceName: name, source: number } : { destinationName: name, destination: number };
  const way = inbound ? {} : outbound;
  const call = { ...way, ...party, id, requestId: "", startTime: ago(seconds) };
  const answerTime = talked ? ago(talked) : null;
  fake.call_("RINGING", call);
  const cause = talked ? "hung up on this side" : inbound ? "cancelled" : "busy";
  fake.call_(talked || inbound ? "HANGUP" : "CANCEL", { ...call, answerTime, cause });
}

window.STATES = {
  async "starting again"() {
    fake.move("connecting");
  },
  async "logged out"() {},
  async "API key"() {
    root.querySelector("form:not([hidden]) .quiet").click();
  },
  async "second factor"() {
    fake.emit({ name: "TWO_FACTOR_AUTH", message: "", nonce: "n" });
  },
  async "wrong password"() {
    fake.outcomes.login = { code: "LOGIN_FAILED" };
    type("email", "anna@example.com");
    type("password", "wrong");
    root.querySelector("form").requestSubmit();
    await settle();
  },
  async "logging in"() {
    type("email", "anna@example.com");
    type("password", "demo");
    root.querySelector("form").requestSubmit();
  },
  async expired() {
    await ready();
    fake.move("logged-out");
    fake.emit({ name: "LOGGED_OUT", message: "", code: "SESSION_EXPIRED" });
  },
  async ready() {
    await ready();
  },
  async suggestions() {
    await ready();
    const field = root.querySelector("[role=combobox]");
    field.focus();
    field.value = "10";
    field.dispatchEvent(new Event("input"));
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown" }));
  },
  async "wrong number"() {
    await ready();
    fake.outcomes.call = { code: "BAD_NUMBER" };
    const field = root.querySelector("[role=combobox]");
    field.value = "0203642";
    root.querySelector("form.dial").requestSubmit();
    await settle();
  },
  async dialling() {
    await ready();
    fake.call_("INITIAL", { ...outbound, destination: "+442036427900" });
  },
  async "just incoming"() {
    await ready();
    fake.call_("RINGING");
    root.querySelector(".call-buttons").getAnimations()[0].pause();
  },
  async incoming() {
    await ready();
    fake.call_("RINGING");
  },
  async "incoming, nameless"() {
    await ready();
    fake.call_("RINGING", { sourceName: "anonymous <anonymous>", source: "anonymous" });
  },
  async connected() {
    await ready();
    fake.call_("CONNECTED", { answerTime: ago(134) });
  },
  async "on hold, another rings, a third"() {
    await ready();
    fake.call_("ON_HOLD", { answerTime: ago(3734) });
    fake.call_("CONNECTED", { id: "c3", sourceName: "Wolfeschlegelsteinhausenbergerdorff GmbH", answerTime: ago(9) });
    fake.call_("RINGING", { id: "c2", sourceName: "", source: "+34911234567" });
  },
  async "new call beside one"() {
    await ready();
    fake.call_("CONNECTED", { answerTime: ago(134) });
    root.querySelector(".phone > button").click();
  },
  async transfer() {
    await ready();
    fake.call_("CONNECTED", { answerTime: ago(134) });
    root.querySelector(".call [aria-expanded]").click();
  },
  async "one way to transfer"() {
    fake.features = new Set(["answer", "terminate", "transfer"]);
    await ready();
    fake.call_("CONNECTED", { answerTime: ago(134) });
    root.querySelector(".call [aria-expanded]").click();
  },
  async "keys of a call"() {
    await ready();
    fake.call_("CONNECTED", { answerTime: ago(134) });
    root.querySelector(".call .icon-keys").parentElement.click();
    for (const digit of "1234567890#*") find(".tones .key", digit).click();
  },
  async "held"() {
    await ready();
    fake.call_("ON_HOLD", { answerTime: ago(134) });
  },
  async "asking"() {
    await ready();
    fake.call_("CONNECTED", { answerTime: ago(134) });
    fake.call_("ON_HOLD", { answerTime: ago(134) });
    fake.call_("RINGING", { ...outbound, destination: "1005" });
  },
  async "asked"() {
    await ready();
    fake.call_("ON_HOLD", { answerTime: ago(134) });
    fake.call_("CONNECTED", { ...outbound, destination: "1005", answerTime: ago(9) });
  },
  async "asked in vain"() {
    await ready();
    fake.call_("ON_HOLD", { answerTime: ago(134) });
    fake.call_("RINGING", { ...outbound, destination: "1005" });
    fake.call_("CANCEL", { ...outbound, destination: "1005", cause: "busy" });
    fake.call_("CONNECTED", { answerTime: ago(134) });
  },
  async "parked"() {
    await ready();
    fake.call_("CONNECTED", { answerTime: ago(134) });
    fake.outcomes.park = "701";
    root.querySelector(".call .icon-park").parentElement.click();
    await settle();
    fake.call_("HANGUP", { answerTime: ago(134), cause: "transferred" });
  },
  async "transfer refused"() {
    await ready();
    fake.call_("CONNECTED", { answerTime: ago(134) });
    root.querySelector(".call [aria-expanded]").click();
    fake.outcomes.transfer = { code: "BAD_EXTENSION" };
    root.querySelector("form.transfer input").value = "Nobody";
    root.querySelector("form.transfer").requestSubmit();
    await settle();
  },
  async "in vain"() {
    await ready();
    pastCall("c1", "Blake Osei", "+442079460101");
  },
  async "cut off"() {
    await ready();
    fake.move("connecting");
  },
  async broken() {
    await ready();
    fake.emit({ name: "ERROR", message: "", code: "WORKER_DIED" });
  },
  async "no recent calls"() {
    await ready();
    [...root.querySelectorAll("[role=tab]")].at(-1).click();
  },
  async "colleagues"() {
    fake.presences = {
      ...{ "user:10003": "ringing", "user:10004": "talking", "user:10005": "on-hold" },
      ...{ "user:10006": "do-not-disturb", "user:10007": "offline" },
    };
    fake.people = (person) => [
      ...[person("10002", "1002", "Anna", "Bell"), person("10003", "1003", "Ben", "Cole")],
      ...[person("10004", "1004", "Dora", "Ellis"), person("10005", "1005", "Carla", "Diaz")],
      ...[person("10006", "1006", "Emil", "Fox"), person("10007", "1007", "Hal", "Gray")],
      person("10008", "1008", "Wolfeschlegelsteinhausen", "Bergerdorff-Schmidt"),
    ];
    await ready();
    root.querySelectorAll("[role=tab]")[1].click();
    root.querySelector("[data-person='10008'] [aria-pressed]").click();
    const lit = () => root.querySelectorAll(".person:not([data-presence=unknown])").length === 6;
    while (!lit()) await new Promise((resolve) => setTimeout(resolve, 20));
  },
  async "colleagues beside a call"() {
    await STATES.colleagues();
    fake.call_("CONNECTED", { answerTime: ago(134) });
    root.querySelector(".phone > button").click();
  },
  async "nobody found"() {
    await STATES.colleagues();
    const field = root.querySelector("[type=search]");
    field.value = "zzz";
    field.dispatchEvent(new Event("input"));
  },
  async "settings"() {
    await ready();
    root.querySelector(".icon-gear").closest("button").click();
  },
  async "do not disturb"() {
    await ready();
    fake.outcomes.setDoNotDisturb = true;
    root.querySelector(".footer .icon-dnd").closest("button").click();
    await settle();
  },
  async "missed calls"() {
    await ready();
    pastCall("c2", "", "+34911234567", { inbound: true, seconds: 3000 });
    pastCall("c3", "Blake Osei", "+442079460101", { inbound: true, seconds: 900 });
  },
  async "recent calls"() {
    await ready();
    pastCall("c1", "Alex Morgan", "+442036427900", { talked: 134, seconds: 90000 });
    pastCall("c2", "", "+34911234567", { inbound: true, seconds: 3000 });
    pastCall("c3", "Blake Osei", "+442079460101", { seconds: 900 });
    pastCall("c4", "Mia Karlsson, with a name that does not end", "+442079460123", { talked: 61, inbound: true });
    [...root.querySelectorAll("[role=tab]")].at(-1).click();
  },
};
