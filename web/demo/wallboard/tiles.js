/**
 * What the tiles show, from what the board knows. Pure, as `board.js`; times are in seconds.
 *
 * @import {Call} from "../../src/common/protocol.d.ts"
 * @import {Board, Entry} from "./board.js"
 * @import {Chosen, Limits} from "./nodes.js"
 *
 * @typedef {"calm" | "busy" | "warn" | "alarm"} Level
 *
 * @typedef Line somebody, and for how long
 * @property {string} key
 * @property {string} who
 * @property {string} how `""`, or what there is to say beside the name
 * @property {"waiting" | "talking" | "hold" | "joining"} doing
 * @property {number | null} seconds
 * @property {Level} level
 *
 * @typedef Head
 * @property {string} node
 * @property {string} name
 * @property {string} problem `""`, or why the server does not tell of it
 * @property {boolean} known whether it tells
 * @property {Level} level
 *
 * @typedef {Head & {waiting: Line[], talking: Line[], longest: number | null,
 *   answered: number, missed: number, unknown: number, average: number | null}} QueueTile
 *
 * @typedef {"unknown" | "free" | "undisturbed" | "offline" | "ringing" | "calling" | "talking" | "hold"} Doing
 * @typedef {Head & {doing: Doing, who: string, via: string, seconds: number | null,
 *   more: number}} UserTile
 *
 * @typedef {Head & {members: Line[]}} RoomTile a conference, or an IVR
 *
 * @typedef Summary
 * @property {number} waiting
 * @property {number | null} longest
 * @property {number} answered
 * @property {number} missed
 * @property {number} unknown
 * @property {number | null} average
 * @property {number} free
 * @property {number} users
 * @property {Level} level
 */

import { nameOf as nameOfCaller } from "../words.js";
import { callsOf, keyOf } from "./board.js";
import { isConnected, NO_FIGURES } from "./figures.js";
import { plainName, typeOf } from "./nodes.js";

/** So many people are named in one list; on a bad day, a queue must not push all else off the wall. */
const MOST_LINES = 6;

/** @type {Level[]} */
const LEVELS = ["calm", "busy", "warn", "alarm"];

/**
 * @param {Board} board
 * @param {number} now
 * @returns {number} the moment that the board shows: while the connection is lost, time stands still
 */
export function momentOf(board, now) {
  return board.lostAt ?? now;
}

/**
 * @param {Board} board
 * @param {Chosen} chosen
 * @param {Limits} limits
 * @param {number} now
 * @returns {QueueTile}
 */
export function queueTile(board, chosen, limits, now) {
  const entries = callsOf(board, chosen.node);
  const waiting = entries
    .filter(({ call }) => !isConnected(call))
    .map((entry) => {
      const seconds = secondsFrom(entry.since, now) ?? 0;
      return { ...lineOf(entry, "waiting", seconds), level: levelOf(seconds, limits) };
    });
  const talking = entries
    .filter(({ call }) => isConnected(call))
    .map((entry) => {
      const agent = agentOf(board, entry.call);
      const line = lineOf(entry, "talking", secondsFrom(entry.answeredAt, now));
      if (agent) line.how = `with ${nameOf(board, agent.call.node)}`;
      if (agent?.heldAt != null) {
        line.how += ", on hold";
        line.doing = "hold";
        line.level = holdLevel(agent, limits, now);
      }
      return line;
    });
  const figures = board.figures[chosen.node] ?? NO_FIGURES;
  return {
    ...headOf(board, chosen, highest(waiting.map(({ level }) => level))),
    waiting,
    talking,
    longest: waiting[0]?.seconds ?? null,
    answered: figures.answered,
    missed: figures.missed,
    unknown: figures.unknown,
    average: figures.waits ? figures.waited / figures.waits / 1000 : null,
  };
}

/**
 * @param {Board} board
 * @param {string} node
 * @returns {"free" | "undisturbed" | "offline"} what a user does who is in no call
 */
function idle({ undisturbed, offline }, node) {
  if (offline.includes(node)) return "offline";
  return undisturbed.includes(node) ? "undisturbed" : "free";
}

/**
 * @param {Board} board
 * @param {Chosen} chosen
 * @param {Limits} limits
 * @param {number} now
 * @returns {UserTile}
 */
export function userTile(board, chosen, limits, now) {
  const entries = callsOf(board, chosen.node);
  // Whom one talks to says more than what else rings meanwhile; a call that is held waits.
  const order = ["CONNECTED", "ON_HOLD", "RINGING"];
  const rank = (/** @type {Entry} */ { call }) => (order.indexOf(call.status) + 4) % 4;
  const [first] = [...entries].sort((one, other) => rank(one) - rank(other));
  const head = headOf(board, chosen, "calm");
  if (!first) {
    const freeAt = board.freeAt[chosen.node] ?? null;
    const doing = head.known ? idle(board, chosen.node) : "unknown";
    const seconds = secondsFrom(doing === "free" ? freeAt : null, now);
    return { ...head, doing, who: "", via: "", seconds, more: 0 };
  }
  const doing = doingOf(first.call);
  const talkedSince = doing === "hold" ? first.heldAt : first.answeredAt;
  const seconds = secondsFrom(isConnected(first.call) ? talkedSince : first.since, now);
  const level = doing === "hold" ? holdLevel(first, limits, now) : "busy";
  const queue = Object.values(board.calls).find(
    ({ call }) => call.id === first.call.id && typeOf(call.node) === "queue",
  );
  const via = queue ? nameOf(board, queue.call.node) : "";
  const who = nameOfCaller(first.call);
  return { ...head, level, doing, who, via, seconds, more: entries.length - 1 };
}

/**
 * @param {Board} board
 * @param {Chosen} chosen
 * @param {number} now
 * @returns {RoomTile}
 */
export function roomTile(board, chosen, now) {
  const members = callsOf(board, chosen.node).map((entry) => {
    const joining = !isConnected(entry.call);
    const line = lineOf(entry, joining ? "joining" : "talking", secondsFrom(entry.answeredAt, now));
    return joining ? { ...line, how: "joining" } : line;
  });
  return { ...headOf(board, chosen, members.length ? "busy" : "calm"), members };
}

/**
 * @param {Board} board
 * @param {QueueTile[]} queues
 * @param {UserTile[]} users
 * @returns {Summary}
 */
export function summaryOf(board, queues, users) {
  const sum = (/** @type {"answered" | "missed" | "unknown"} */ name) =>
    queues.reduce((total, queue) => total + queue[name], 0);
  const longest = Math.max(-1, ...queues.map((queue) => queue.longest ?? -1));
  const figures = queues.map(({ node }) => board.figures[node] ?? NO_FIGURES);
  const waits = figures.reduce((total, one) => total + one.waits, 0);
  const waited = figures.reduce((total, one) => total + one.waited, 0);
  return {
    waiting: queues.reduce((total, queue) => total + queue.waiting.length, 0),
    longest: longest < 0 ? null : longest,
    answered: sum("answered"),
    missed: sum("missed"),
    unknown: sum("unknown"),
    average: waits ? waited / waits / 1000 : null,
    free: users.filter(({ doing }) => doing === "free").length,
    users: users.length,
    level: highest(queues.map(({ level }) => level)),
  };
}

/**
 * @param {Line[]} lines the oldest first
 * @returns {Line[]} not too many, and how many more there are
 */
export function shortened(lines) {
  if (lines.length <= MOST_LINES) return lines;
  const kept = lines.slice(0, MOST_LINES - 1);
  const [first] = kept;
  const rest = { key: "", who: `and ${lines.length - kept.length} more`, how: "", seconds: null };
  return [...kept, { doing: first?.doing ?? "waiting", ...rest, level: "busy" }];
}

/**
 * @param {Board} board
 * @param {string} node
 * @param {string} [given] by the chooser
 */
export function nameOf(board, node, given = "") {
  return given || board.names[node] || plainName(node);
}

/**
 * @param {Board} board
 * @param {Chosen} chosen
 * @param {Level} level
 * @returns {Head}
 */
function headOf(board, { node, name }, level) {
  const problem = board.refused[node] ?? "";
  const known = !problem && board.followed.includes(node);
  return { node, name: nameOf(board, node, name), problem, known, level };
}

/**
 * The same call, as the user sees it who took it.
 *
 * @param {Board} board
 * @param {Call} call
 */
function agentOf(board, { id, node }) {
  return Object.values(board.calls).find(
    ({ call }) =>
      call.id === id && call.node !== node && typeOf(call.node) === "user" && isConnected(call),
  );
}

/**
 * @param {Call} call
 * @returns {Doing}
 */
function doingOf({ status, direction }) {
  if (status === "CONNECTED") return "talking";
  if (status === "ON_HOLD") return "hold";
  return direction === "INBOUND" && status === "RINGING" ? "ringing" : "calling";
}

/**
 * @param {Entry} entry
 * @param {Line["doing"]} doing
 * @param {number | null} seconds
 * @returns {Line}
 */
function lineOf({ call }, doing, seconds) {
  return { key: keyOf(call), who: nameOfCaller(call), how: "", doing, seconds, level: "busy" };
}

/**
 * @param {Entry} entry
 * @param {Limits} limits
 * @param {number} now
 * @returns {Level}
 */
function holdLevel({ heldAt }, { alarm }, now) {
  return (secondsFrom(heldAt, now) ?? 0) >= alarm ? "warn" : "busy";
}

/**
 * @param {number} seconds
 * @param {Limits} limits
 * @returns {Level}
 */
function levelOf(seconds, { warn, alarm }) {
  if (seconds >= alarm) return "alarm";
  return seconds >= warn ? "warn" : "busy";
}

/**
 * @param {Level[]} levels
 * @returns {Level}
 */
function highest(levels) {
  return LEVELS[Math.max(0, ...levels.map((level) => LEVELS.indexOf(level)))] ?? "calm";
}

/**
 * @param {number | null} since
 * @param {number} now
 */
function secondsFrom(since, now) {
  return since === null ? null : Math.max(0, (now - since) / 1000);
}
