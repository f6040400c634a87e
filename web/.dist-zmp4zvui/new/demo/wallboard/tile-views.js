/**
 * The tiles: each is made once from its template and then only takes news, so nothing flickers and
 * nothing is read out twice.
 *
 * @import {Row} from "../dom.js"
 * @import {IconName} from "./icons.js"
 * @import {Head, Line, QueueTile, RoomTile, UserTile} from "./tiles.js"
 */

import { fromTemplate, KeyedList, part, setText } from "../dom.js";
import { showIcon } from "./icons.js";
import { shortened } from "./tiles.js";
import { length, lineIcon, queueState, roomState, userState, viaOf } from "./words.js";

/**
 * @param {HTMLElement} list
 * @returns {KeyedList<QueueTile>}
 */
export function queueList(list) {
  return new KeyedList(list, ({ node }) => node, () => {
    const tile = fromTemplate("queue-template");
    const head = headOf(tile);
    const show = texts(tile, ["waiting", "longest", "answered", "missed", "average"]);
    const figures = part(tile, "figures", HTMLElement);
    const waiting = lineList(part(tile, "waiting-lines", HTMLElement), "Waiting");
    const talking = lineList(part(tile, "talking-lines", HTMLElement), "Talking");
    return {
      element: tile,
      update(/** @type {QueueTile} */ queue) {
        head(queue, queueState(queue));
        figures.hidden = !queue.known;
        show({
          waiting: String(queue.waiting.length),
          longest: length(queue.longest),
          answered: String(queue.answered),
          missed: String(queue.missed),
          average: length(queue.average),
        });
        waiting(queue.waiting);
        talking(queue.talking);
      },
    };
  });
}

/**
 * @param {HTMLElement} list
 * @returns {KeyedList<UserTile>}
 */
export function userList(list) {
  return new KeyedList(list, ({ node }) => node, () => {
    const tile = fromTemplate("user-template");
    const head = headOf(tile);
    const show = texts(tile, ["who", "via", "timer"]);
    return {
      element: tile,
      update(/** @type {UserTile} */ user) {
        head(user, userState(user));
        tile.dataset.doing = user.doing;
        const timer = user.seconds === null ? "" : length(user.seconds);
        show({ who: user.who, via: viaOf(user), timer });
      },
    };
  });
}

/**
 * @param {HTMLElement} list
 * @returns {KeyedList<RoomTile>}
 */
export function roomList(list) {
  return new KeyedList(list, ({ node }) => node, () => {
    const tile = fromTemplate("room-template");
    const head = headOf(tile);
    const members = lineList(part(tile, "members", HTMLElement), "In it");
    return {
      element: tile,
      update(/** @type {RoomTile} */ room) {
        head(room, roomState(room));
        members(room.members);
      },
    };
  });
}

/**
 * What every tile has: a name, a state in a word and an icon, and what is wrong.
 *
 * @param {HTMLElement} tile
 * @returns {(head: Head, state: {text: string, icon: IconName}) => void}
 */
function headOf(tile) {
  const show = texts(tile, ["name", "state", "problem"]);
  const icon = part(tile, "icon", HTMLElement);
  return ({ node, name, problem, known, level }, state) => {
    tile.dataset.node = node;
    show({ name, problem, state: state.text });
    showIcon(icon, state.icon);
    tile.dataset.level = known ? level : "unknown";
  };
}

/**
 * @param {HTMLElement} list
 * @param {string} label what the lines have in common
 * @returns {(lines: Line[]) => void}
 */
function lineList(list, label) {
  list.ariaLabel = label;
  const rows = new KeyedList(list, (/** @type {Line} */ { key }) => key, createLine);
  return (lines) => {
    rows.update(shortened(lines));
    // An empty list is nothing to be told of.
    list.hidden = lines.length === 0;
  };
}

/** @returns {Row<Line>} */
function createLine() {
  const element = fromTemplate("line-template");
  const show = texts(element, ["who", "how", "timer"]);
  const icon = part(element, "icon", HTMLElement);
  return {
    element,
    update(line) {
      const { who, how, seconds } = line;
      show({ who, how, timer: seconds === null ? "" : length(seconds) });
      showIcon(icon, lineIcon(line));
      element.dataset.level = line.level;
    },
  };
}

/**
 * @template {string} Name
 * @param {HTMLElement} root
 * @param {Name[]} names of its parts
 * @returns {(values: Record<Name, string>) => void} an empty part takes no room
 */
export function texts(root, names) {
  const parts = names.map((name) => ({ name, element: part(root, name, HTMLElement) }));
  return (values) => {
    for (const { name, element } of parts) {
      setText(element, values[name]);
      element.hidden = values[name] === "";
    }
  };
}
