/**
 * The wallboard: what the connector tells goes into `board.js`, and the views show what comes out.
 * All that is live comes from subscriptions; the REST API is asked for names only.
 *
 * @import {CtiEvent} from "../../src/common/protocol.d.ts"
 * @import {Choice} from "./nodes.js"
 */

import { OPTIONS, startDemo } from "../common/demo.js";
import { byId } from "../dom.js";
import {
  emptyBoard,
  forget,
  onCalls,
  onContact,
  onEvent,
  onNames,
  onPeople,
  onRefusal,
  onStatus,
  onTick,
} from "./board.js";
import { BoardView } from "./board-view.js";
import { loadPeople, loadQueue, loadSuggestions } from "./directory.js";
import { Follower } from "./follow.js";
import { hasChosen, KEY, loadChoice, saveChoice, typeOf } from "./nodes.js";
import { onPresence } from "./presence.js";
import { SettingsView } from "./settings-view.js";

/** How often a server that does not report the state of phones is asked for it (milliseconds). */
const PEOPLE_EVERY = 15_000;

const connector = new Cti.Connector({ ...OPTIONS, onMessage });
window.connector = connector;
const dialer = /** @type {import("../../src/cti-dialer.js").CtiDialer} */ (
  document.querySelector("cti-dialer")
);
dialer.connector = connector;

let board = emptyBoard(Date.now());
let choice = loadChoice();
/** @type {import("./directory.js").Colleague[]} */
let people = [];
/** @type {Record<string, import("./directory.js").Queue>} */
let queues = {};
/** Names that the embedded PBX gives to its queues, IVRs and conferences. */
let suggested = {};
let scheduled = false;

const view = new BoardView();
const settings = new SettingsView(change);
const follower = new Follower(connector, (node, why) => {
  board = onRefusal(board, node, why);
  show();
});

/** @param {CtiEvent} event */
function onMessage(event) {
  board = onEvent(board, event, Date.now());
  if (event.name === "READY") {
    board = onNames(board, suggested);
    learnPeople();
  }
  if (event.name === "SUBSCRIBED") learnQueue(event.node);
  show();
}

connector.on("state", takeStatus);
connector.on("presence", ({ node, presence }) => {
  board = onPresence(board, node, presence);
  show();
});
connector.on("contact", ({ call }) => {
  board = onContact(board, call);
  show();
});

function takeStatus() {
  const before = board.connection;
  board = onStatus(board, connector.status, follower.followed, Date.now());
  if (board.connection === "live") board = onCalls(board, connector.calls);
  if (board.connection === "off" && before !== "off") {
    people = [];
    queues = {};
    settings.close();
  }
  // Who looks at the wall does not need the telephone.
  if (before !== "live" && board.connection === "live" && connector.calls.length === 0) {
    dialer.open = false;
  }
  follow();
  show();
}

function follow() {
  const nodes = choice.nodes.map(({ node }) => node);
  follower.follow(nodes, board.refused);
}

/** @param {Partial<Choice>} changes */
function change(changes) {
  saveChoice({ ...choice, ...changes });
  choose({ ...choice, ...changes });
}

// Another tab has chosen: the same is shown in all.
addEventListener("storage", ({ key }) => {
  if (key === KEY || key === null) choose(loadChoice());
});

/** @param {Choice} chosen */
function choose(chosen) {
  const before = choice.nodes;
  choice = chosen;
  for (const { node } of before) {
    if (choice.nodes.some((chosen) => chosen.node === node)) continue;
    board = forget(board, node);
    follower.leave(node);
  }
  follow();
  for (const { node } of choice.nodes) if (board.followed.includes(node)) learnQueue(node);
  show();
}

async function learnPeople() {
  const loaded = await loadPeople(connector);
  // Without an answer, what was known stays.
  if (loaded.length === 0 || board.connection === "off") return;
  people = loaded;
  board = onPeople(board, people);
  show();
}

/** @param {string} node */
async function learnQueue(node) {
  if (typeOf(node) !== "queue" || queues[node]) return;
  const queue = await loadQueue(connector, node);
  if (!queue) return;
  queues = { ...queues, [node]: queue };
  if (queue.name) board = onNames(board, { [node]: queue.name });
  show();
}

/** Once per frame at most: a burst of events is one look at the board. */
function show() {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    view.render(board, choice, Date.now());
    settings.render({ board, choice, people, queues });
  });
}

setInterval(() => {
  board = onTick(board, Date.now());
  show();
}, 1000);

setInterval(() => {
  const asks = board.connection === "live" && !connector.features.has("dnd");
  if (asks && !document.hidden) void learnPeople();
}, PEOPLE_EVERY);

byId("log-in", HTMLButtonElement).addEventListener("click", () => {
  dialer.open = true;
  dialer.focus();
});
for (const id of ["choose", "choose-first"]) {
  byId(id, HTMLButtonElement).addEventListener("click", () => settings.open());
}
const fullScreen = byId("full-screen", HTMLButtonElement);
fullScreen.hidden = !document.fullscreenEnabled;
fullScreen.addEventListener("click", () => {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
});
document.addEventListener("fullscreenchange", () => {
  fullScreen.textContent = document.fullscreenElement ? "Leave full screen" : "Full screen";
});

startDemo(connector, [
  { label: "Alex calls Sales", from: "+442036427900", name: "Alex Morgan", to: "queue:77" },
  { label: "Somebody calls Sales", from: "anonymous", to: "queue:77" },
  { label: "Sam calls Welcome", from: "+442079460105", name: "Sam Lowe", to: "ivr:55" },
  { label: "Hugo joins Weekly", from: "+442079460106", name: "Hugo Reyes", to: "conf:123456" },
]);
loadSuggestions().then(({ services, people }) => {
  const all = [...services, ...people];
  settings.suggest(services);
  suggested = Object.fromEntries(all.map(({ node, name }) => [node, name]));
  board = onNames(board, suggested);
  // Who tries the demo sees a board; who has chosen before, even nothing, sees that.
  if (!hasChosen()) choose({ ...choice, nodes: all.map(({ node }) => ({ node, name: "" })) });
  show();
});
takeStatus();
