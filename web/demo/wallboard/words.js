/**
 * What the wallboard says: to those who look, and to those who listen. Pure, but for `Intl`.
 *
 * @import {Board} from "./board.js"
 * @import {Doing, Level, Line, QueueTile, RoomTile, UserTile} from "./tiles.js"
 * @import {IconName} from "./icons.js"
 */

import { duration } from "../words.js";
import { typeOf } from "./nodes.js";

const TIME = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });

/** @type {Record<Doing, string>} */
const DOINGS = {
  unknown: "",
  free: "Free",
  undisturbed: "Do not disturb",
  offline: "Offline",
  ringing: "Ringing",
  calling: "Calling",
  talking: "Talking",
  hold: "On hold",
};

/** @type {Record<Doing, IconName>} */
const DOING_ICONS = {
  unknown: "question",
  free: "check",
  undisturbed: "stop",
  offline: "question",
  ringing: "bell",
  calling: "out",
  talking: "talk",
  hold: "pause",
};

/** @type {Record<Level, IconName>} */
export const LEVEL_ICONS = { calm: "check", busy: "person", warn: "warning", alarm: "alarm" };

/** @type {Record<Line["doing"], IconName>} */
const LINE_ICONS = { waiting: "person", talking: "talk", hold: "pause", joining: "bell" };

/** @param {Line} line */
export function lineIcon({ doing, level }) {
  return level === "warn" || level === "alarm" ? LEVEL_ICONS[level] : LINE_ICONS[doing];
}

/** @param {number | null} seconds */
export function length(seconds) {
  return seconds === null ? "–" : duration(seconds);
}

/** @param {number} time epoch milliseconds */
export function clock(time) {
  return TIME.format(time);
}

/**
 * @param {QueueTile} queue
 * @returns {{text: string, icon: IconName}}
 */
export function queueState({ problem, known, level, waiting }) {
  if (!known) return unknown(problem);
  /** @type {Record<Level, string>} */
  const texts = {
    calm: "No one is waiting",
    busy: waiting.length === 1 ? "1 caller waiting" : `${waiting.length} callers waiting`,
    warn: "Waiting long",
    alarm: "Waiting too long",
  };
  return { text: texts[level], icon: LEVEL_ICONS[level] };
}

/**
 * @param {UserTile} user
 * @returns {{text: string, icon: IconName}}
 */
export function userState({ problem, doing, level }) {
  if (doing === "unknown") return unknown(problem);
  const icon = level === "warn" ? "warning" : DOING_ICONS[doing];
  return { text: level === "warn" ? "On hold too long" : DOINGS[doing], icon };
}

/**
 * @param {string} problem
 * @returns {{text: string, icon: IconName}}
 */
function unknown(problem) {
  return { text: problem ? "Not available" : "Connecting…", icon: "question" };
}

/** @param {UserTile} user */
export function viaOf({ via, more }) {
  const others = more === 1 ? "one more call" : `${more} more calls`;
  return [via && `from ${via}`, more > 0 && others].filter(Boolean).join(", ");
}

/**
 * @param {RoomTile} room
 * @returns {{text: string, icon: IconName}}
 */
export function roomState({ node, problem, known, members }) {
  if (!known) return unknown(problem);
  if (members.length === 0) return { text: "Empty", icon: "check" };
  const [one, many] = typeOf(node) === "ivr" ? ["caller", "callers"] : ["member", "members"];
  return { text: `${members.length} ${members.length === 1 ? one : many}`, icon: "person" };
}

/**
 * @param {Board} board
 * @returns {string} since when the figures are counted, and what is missing in them
 */
export function sinceOf({ openedAt, losses, away }, /** @type {number} */ unknown) {
  const parts = [`Since ${clock(openedAt)}.`];
  if (losses > 0) {
    const times = losses === 1 ? "once" : `${losses} times`;
    const long = away >= 1000 ? ` for ${duration(away / 1000)} in all` : "";
    parts.push(`Connection lost ${times}${long}: some calls may be missing.`);
  }
  if (unknown === 1) parts.push("The result of 1 call is unknown.");
  if (unknown > 1) parts.push(`The result of ${unknown} calls is unknown.`);
  return parts.join(" ");
}

/**
 * What is worth interrupting somebody who listens: the connection, and a queue that has just
 * reached the alarm.
 *
 * @param {Board} before
 * @param {Board} after
 * @param {Record<string, Level>} levels of the queues that were shown before
 * @param {QueueTile[]} queues
 * @returns {string} `""` for nothing
 */
export function announcementOf(before, after, levels, queues) {
  if (before.connection === "live" && after.connection === "lost") {
    return "Connection lost. The board is out of date.";
  }
  if (before.connection === "lost" && after.connection === "live") {
    return "Connected again. The board is up to date.";
  }
  const late = queues.filter(({ node, level }) => level === "alarm" && levels[node] !== "alarm");
  return late.map(({ name }) => `${name}: callers are waiting too long.`).join(" ");
}
