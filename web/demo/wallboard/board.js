/**
 * What the wallboard knows: one plain object, and functions that take what the connector tells and
 * return a new one. No DOM, no network, no clock: `now` is an argument, in epoch milliseconds.
 *
 * @import {Call, CtiEvent, Status} from "../../src/common/protocol.d.ts"
 * @import {Figures} from "./figures.js"
 * @import {Bucket} from "./history.js"
 */

import { count, isConnected, NO_FIGURES, outcomeOf } from "./figures.js";
import { note, noteGap } from "./history.js";
import { typeOf } from "./nodes.js";

/**
 * off: nobody is logged in; connecting: not yet ready for the first time; live: what is shown is
 * true now; lost: it was true at `lostAt`.
 *
 * @typedef {"off" | "connecting" | "live" | "lost"} Connection
 *
 * @typedef Entry a running call, as one node sees it
 * @property {Call} call
 * @property {number} since when it began here
 * @property {number | null} answeredAt `null` where nobody saw it being answered
 * @property {number | null} heldAt
 * @property {boolean} unsure the connection was lost since: how it ends may not be known
 *
 * @typedef Board
 * @property {Connection} connection
 * @property {number} openedAt the figures begin here
 * @property {number | null} lostAt
 * @property {number} losses how often the connection was lost
 * @property {number} away milliseconds that those took together, without the present one
 * @property {string[]} followed the nodes that the server tells of
 * @property {Record<string, string>} refused why a node cannot be followed
 * @property {string[]} undisturbed the users who have "do not disturb" on
 * @property {string[]} offline the users whose phones are not connected
 * @property {Record<string, string>} names of nodes, as calls and the directory tell them
 * @property {Record<string, Entry>} calls by `keyOf`
 * @property {Record<string, number>} freeAt since when a user has had no call
 * @property {Record<string, Figures>} figures of queues, by node
 * @property {Bucket[]} history
 */

/**
 * @param {number} now
 * @returns {Board}
 */
export function emptyBoard(now) {
  return {
    connection: "off",
    openedAt: now,
    lostAt: null,
    losses: 0,
    away: 0,
    followed: [],
    refused: {},
    undisturbed: [],
    offline: [],
    names: {},
    calls: {},
    freeAt: {},
    figures: {},
    history: [],
  };
}

/**
 * @param {Board} board
 * @param {CtiEvent} event
 * @param {number} now
 * @returns {Board}
 */
export function onEvent(board, event, now) {
  if ("call" in event) return onCall(board, event.call, now);
  if (event.name !== "SUBSCRIBED") return board;
  return { ...board, refused: without(board.refused, event.node) };
}

/**
 * @param {Board} board
 * @param {Status} status what the connector says of itself
 * @param {string[]} followed
 * @param {number} now
 * @returns {Board}
 */
export function onStatus(board, status, followed, now) {
  if (status === "logged-out" || status === "stopped") {
    // The next user may not know these people.
    return board.connection === "off" ? board : emptyBoard(now);
  }
  if (status === "ready") {
    const away = board.lostAt === null ? 0 : now - board.lostAt;
    return { ...board, connection: "live", lostAt: null, away: board.away + away, followed };
  }
  if (board.connection !== "live") {
    // While Python starts, nobody is logged in: a remembered session would be "connecting".
    const begins = board.connection === "off" && status === "connecting";
    return begins ? { ...board, connection: "connecting" } : board;
  }
  const calls = mapValues(board.calls, (entry) => ({ ...entry, unsure: true }));
  const history = noteGap(board.history, now);
  return { ...board, connection: "lost", lostAt: now, losses: board.losses + 1, calls, history };
}

/**
 * What the connector has in hand. A call that it does not have is of a node that somebody has ceased
 * to follow, perhaps in another tab: nothing tells how it ends.
 *
 * @param {Board} board
 * @param {Call[]} running
 * @returns {Board}
 */
export function onCalls(board, running) {
  const keys = new Set(running.map(keyOf));
  const kept = Object.entries(board.calls).filter(([key]) => keys.has(key));
  const same = kept.length === Object.keys(board.calls).length;
  return same ? board : { ...board, calls: Object.fromEntries(kept) };
}

/**
 * A page's directory knows who is on the other side.
 *
 * @param {Board} board
 * @param {Call} call with the name
 * @returns {Board}
 */
export function onContact(board, call) {
  const entry = board.calls[keyOf(call)];
  if (!entry) return board;
  return { ...board, calls: { ...board.calls, [keyOf(call)]: { ...entry, call } } };
}

/**
 * Time has passed: the chart moves on.
 *
 * @param {Board} board
 * @param {number} now
 * @returns {Board}
 */
export function onTick(board, now) {
  if (board.connection === "off" || board.connection === "connecting") return board;
  if (board.connection === "lost") return { ...board, history: noteGap(board.history, now) };
  return { ...board, history: note(board.history, waitingCounts(board), {}, now) };
}

/**
 * The directory has told who is who.
 *
 * @param {Board} board
 * @param {Record<string, string>} names
 * @returns {Board}
 */
export function onNames(board, names) {
  return { ...board, names: { ...board.names, ...names } };
}

/**
 * The people of the account, with their names and who has "do not disturb" on.
 *
 * @param {Board} board
 * @param {import("./directory.js").Colleague[]} people
 * @returns {Board}
 */
export function onPeople(board, people) {
  const names = Object.fromEntries(people.map(({ node, name }) => [node, name]));
  const undisturbed = people.filter(({ busy }) => busy).map(({ node }) => node);
  return { ...onNames(board, names), undisturbed };
}

/**
 * @param {Board} board
 * @param {string} node
 * @param {string} why
 * @returns {Board}
 */
export function onRefusal(board, node, why) {
  return { ...board, refused: { ...board.refused, [node]: why } };
}

/**
 * A node is not followed any more: nothing would tell how its calls end.
 *
 * @param {Board} board
 * @param {string} node
 * @returns {Board}
 */
export function forget(board, node) {
  const calls = Object.entries(board.calls).filter(([, { call }]) => call.node !== node);
  return {
    ...board,
    calls: Object.fromEntries(calls),
    followed: board.followed.filter((other) => other !== node),
    refused: without(board.refused, node),
    freeAt: without(board.freeAt, node),
    figures: without(board.figures, node),
  };
}

/**
 * A call that this connector started has a `requestId`, which never changes.
 *
 * @param {Call} call
 */
export function keyOf({ node, requestId, id }) {
  return `${node} ${requestId || id}`;
}

/**
 * @param {Board} board
 * @param {string} node
 * @returns {Entry[]} its calls, the oldest first
 */
export function callsOf(board, node) {
  return Object.values(board.calls)
    .filter(({ call }) => call.node === node)
    .sort((one, other) => one.since - other.since);
}

/**
 * @param {Board} board
 * @param {Call} call
 * @param {number} now
 * @returns {Board}
 */
function onCall(board, call, now) {
  const key = keyOf(call);
  const before = board.calls[key];
  const ended = call.status === "HANGUP";
  const calls = ended
    ? without(board.calls, key)
    : { ...board.calls, [key]: entryOf(before, call, now) };
  const next = { ...board, calls, names: learn(board.names, call) };
  const { node } = call;
  if (typeOf(node) === "user" && ended && callsOf(next, node).length === 0) {
    next.freeAt = { ...board.freeAt, [node]: now };
  }
  if (typeOf(node) !== "queue") return next;

  const what = outcomeOf(board.openedAt, before, call);
  if (what) {
    const figures = board.figures[node] ?? NO_FIGURES;
    next.figures = { ...board.figures, [node]: count(figures, what, before, calls[key]) };
  }
  const changes = what === "answered" || what === "missed" ? { [node]: what } : {};
  next.history = note(board.history, waitingCounts(next), changes, now);
  return next;
}

/**
 * @param {Entry | undefined} before
 * @param {Call} call
 * @param {number} now
 * @returns {Entry}
 */
function entryOf(before, call, now) {
  // The server's clock gives the start, this machine's clock the present: they may differ.
  const since = before?.since ?? Math.min(call.startTime ?? now, now);
  const answeredAt = isConnected(call) ? (before?.answeredAt ?? call.answerTime) : null;
  const heldAt = call.status === "ON_HOLD" ? (before?.heldAt ?? now) : null;
  return { call, since, answeredAt, heldAt, unsure: before?.unsure ?? false };
}

/**
 * @param {Board} board
 * @returns {Record<string, number>} how many wait, by queue
 */
function waitingCounts(board) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const { call } of Object.values(board.calls)) {
    if (typeOf(call.node) !== "queue") continue;
    counts[call.node] = (counts[call.node] ?? 0) + (isConnected(call) ? 0 : 1);
  }
  return counts;
}

/**
 * A call names the node that it reached.
 *
 * @param {Record<string, string>} names
 * @param {Call} call
 */
function learn(names, { node, direction, sourceName, destinationName }) {
  const name = direction === "INBOUND" ? destinationName : sourceName;
  return name === "" || names[node] !== undefined ? names : { ...names, [node]: name };
}

/**
 * @template Value
 * @param {Record<string, Value>} record
 * @param {string} key
 * @returns {Record<string, Value>}
 */
function without(record, key) {
  if (!(key in record)) return record;
  const { [key]: _, ...rest } = record;
  return rest;
}

/**
 * @template Value
 * @param {Record<string, Value>} record
 * @param {(value: Value) => Value} change
 */
function mapValues(record, change) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
