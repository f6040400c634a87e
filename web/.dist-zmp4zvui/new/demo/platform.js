/**
 * Cti.Platform: events come in, change the state, and the views show it. Commands go out from the
 * views straight to the connector; what they lead to comes back as events.
 *
 * @import {CtiEvent} from "../src/common/protocol.d.ts"
 * @import {State} from "./state.js"
 */

import { CallsView } from "./calls-view.js";
import { loadColleagues } from "./colleagues.js";
import { DiallerView } from "./dialler-view.js";
import { EventsView } from "./events-view.js";
import { HeaderView } from "./header-view.js";
import { LoginView } from "./login-view.js";
import { NodesView } from "./nodes-view.js";
import { NoticesView } from "./notices-view.js";
import { startOutside } from "./outside/outside.js";
import { rememberLogin, wasLoggedIn } from "./remember.js";
import { INITIAL_STATE, onStatus, reduce } from "./state.js";

const { Connector, EVENT } = Cti;

const parameters = new URLSearchParams(location.search);
const service = parameters.get("api");

const connector = new Connector({
  onMessage,
  apiEndpoint: service ?? `${location.origin}/v1.2/voipstudio`,
  sipServer: parameters.get("sip") ?? undefined,
});
connector.clickToCall();
window.connector = connector;

/** @type {State} */
let state = { ...INITIAL_STATE, connection: wasLoggedIn() ? "starting" : "off" };

const events = new EventsView();
const header = new HeaderView(connector);
const calls = new CallsView(connector);
const nodes = new NodesView(connector, update);
const views = [
  header,
  new NoticesView(update),
  new DiallerView(connector),
  calls,
  nodes,
  // The last one: it moves the focus to what the others have brought up.
  new LoginView(connector, update, service),
];

// The embedded PBX and its phones: nothing that a customer's page needs.
const outside = service === null ? startOutside() : null;

/** @param {CtiEvent} event */
function onMessage(event) {
  const before = state;
  const userId = connector._getParam("user_id") ?? "";
  const known = { ...before, userId, uris: connector.getSubscriptionURIs() };
  state = reduce(known, event, Date.now());
  events.add(event);
  header.announce(state, before, event);
  render(before);
  if (event.name === EVENT.LOGGED_IN) rememberLogin(true);
  if (event.name === EVENT.LOGGED_OUT) rememberLogin(false);
  if (event.name === EVENT.READY && state.colleagues.length === 0) {
    loadColleagues(connector).then((colleagues) => update({ colleagues }));
  }
}

// A lost connection is no event: it is restored by itself, and READY follows.
connector.on("status", ({ status }) => update(onStatus(state, status)));

/** @param {Partial<State>} change something that a view, not an event, has brought about */
function update(change) {
  const before = state;
  state = { ...state, ...change };
  render(before);
}

/** @param {State} before */
function render(before) {
  for (const view of views) view.render(state, before);
  outside?.setUser(state.userId);
}

setInterval(() => {
  calls.tick();
  nodes.tick();
  // No event tells that another tab has unsubscribed a node.
  const uris = connector.getSubscriptionURIs();
  if (uris.join() !== state.uris.join()) update({ uris });
}, 1000);

render(state);
