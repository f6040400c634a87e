/**
 * The board as a whole: what stands above the tiles, and which of its parts there are.
 *
 * @import {Board, Connection} from "./board.js"
 * @import {Choice} from "./nodes.js"
 * @import {Level, QueueTile} from "./tiles.js"
 */

import { byId, part, setText } from "../dom.js";
import { ChartView } from "./chart-view.js";
import { columns } from "./history.js";
import { showIcon } from "./icons.js";
import { typeOf } from "./nodes.js";
import { queueList, roomList, texts, userList } from "./tile-views.js";
import { momentOf, queueTile, roomTile, summaryOf, userTile } from "./tiles.js";
import { announcementOf, clock, length, LEVEL_ICONS, sinceOf } from "./words.js";

/** @type {Record<Connection, {text: string, state: string}>} */
const CONNECTIONS = {
  off: { text: "Not connected", state: "off" },
  connecting: { text: "Connecting", state: "connecting" },
  live: { text: "Live", state: "ready" },
  lost: { text: "Reconnecting", state: "lost" },
};

export class BoardView {
  #connection = byId("connection", HTMLElement);
  #clock = byId("clock", HTMLTimeElement);
  #lost = byId("lost", HTMLElement);
  #lostText = part(this.#lost, "text", HTMLElement);
  #board = byId("board", HTMLElement);
  #summary = byId("summary", HTMLElement);
  #figures = texts(this.#summary, [
    ...["waiting", "longest", "answered", "missed", "average", "free", "since"],
  ]);
  #icon = part(this.#summary, "icon", HTMLElement);
  #people = part(this.#summary, "people", HTMLElement);
  #loud = ["now", "worst"].map((name) => part(this.#summary, name, HTMLElement));
  #say = byId("say", HTMLElement);
  #areas = {
    queues: area("queues", queueList),
    users: area("users", userList),
    rooms: area("rooms", roomList),
  };
  #chartArea = byId("chart", HTMLElement);
  #chart = new ChartView();
  /** @type {Board | null} */
  #before = null;
  /** @type {Record<string, Level>} */
  #levels = {};

  constructor() {
    showIcon(part(this.#lost, "icon", HTMLElement), "warning");
  }

  /**
   * @param {Board} board
   * @param {Choice} choice
   * @param {number} now
   */
  render(board, { nodes, limits }, now) {
    const moment = momentOf(board, now);
    const of = (/** @type {string[]} */ ...types) =>
      nodes.filter(({ node }) => types.includes(typeOf(node) ?? ""));
    const queues = of("queue").map((chosen) => queueTile(board, chosen, limits, moment));
    const users = of("user").map((chosen) => userTile(board, chosen, limits, moment));
    const rooms = of("conf", "ivr").map((chosen) => roomTile(board, chosen, moment));
    const usable = board.connection === "live" || board.connection === "lost";

    this.#showFrame(board, usable, nodes.length, now);
    this.#showSummary(board, queues, summaryOf(board, queues, users));
    this.#areas.queues(queues);
    this.#areas.users(users);
    this.#areas.rooms(rooms);
    this.#chartArea.hidden = queues.length === 0;
    this.#chart.render(columns(board.history, queues.map(({ node }) => node), now));
    this.#announce(board, queues);
  }

  /**
   * @param {Board} board
   * @param {boolean} usable
   * @param {number} shown how many nodes
   * @param {number} now
   */
  #showFrame(board, usable, shown, now) {
    const { text, state } = CONNECTIONS[board.connection];
    setText(this.#connection, text);
    this.#connection.dataset.state = state;
    setText(this.#clock, clock(now));
    this.#lost.hidden = board.lostAt === null;
    const since = clock(board.lostAt ?? now);
    setText(this.#lostText, `What you see is how it was at ${since}. It comes back by itself.`);
    this.#board.hidden = !usable || shown === 0;
    this.#board.dataset.old = String(board.connection === "lost");
    byId("nothing", HTMLElement).hidden = !usable || shown > 0;
    byId("choose", HTMLElement).hidden = !usable;
    this.#showWelcome(board.connection);
  }

  /** @param {Connection} connection */
  #showWelcome(connection) {
    const connecting = connection === "connecting";
    byId("welcome", HTMLElement).hidden = connection !== "off" && !connecting;
    byId("log-in", HTMLElement).hidden = connecting;
    setText(
      byId("welcome-title", HTMLElement),
      connecting ? "One moment: connecting" : "Log in to see the board",
    );
  }

  /**
   * @param {Board} board
   * @param {QueueTile[]} queues
   * @param {import("./tiles.js").Summary} summary
   */
  #showSummary(board, queues, summary) {
    this.#summary.hidden = queues.length === 0;
    this.#people.hidden = summary.users === 0;
    this.#figures({
      waiting: String(summary.waiting),
      longest: length(summary.longest),
      answered: String(summary.answered),
      missed: String(summary.missed),
      average: length(summary.average),
      free: `${summary.free} of ${summary.users}`,
      since: sinceOf(board, summary.unknown),
    });
    showIcon(this.#icon, LEVEL_ICONS[summary.level]);
    for (const figure of this.#loud) figure.dataset.level = summary.level;
  }

  /**
   * @param {Board} board
   * @param {QueueTile[]} queues
   */
  #announce(board, queues) {
    const text = announcementOf(this.#before ?? board, board, this.#levels, queues);
    if (text) this.#say.textContent = text;
    this.#before = board;
    this.#levels = Object.fromEntries(queues.map(({ node, level }) => [node, level]));
  }
}

/**
 * @template Tile
 * @param {string} id of a section with one list
 * @param {(list: HTMLElement) => import("../dom.js").KeyedList<Tile>} make
 * @returns {(tiles: Tile[]) => void}
 */
function area(id, make) {
  const section = byId(id, HTMLElement);
  const place = section.querySelector("ul");
  if (!place) throw new TypeError(`#${id} has no list`);
  const list = make(place);
  return (tiles) => {
    section.hidden = tiles.length === 0;
    list.update(tiles);
  };
}
