/**
 * The state of the phones, as the connector's presence tells it.
 *
 * @import {Board} from "./board.js"
 */

/**
 * The phone of a user who is followed. While they are in a call, their presence does not tell it.
 *
 * @param {Board} board
 * @param {string} node
 * @param {import("../../src/cti-connector.js").Presence} presence
 * @returns {Board}
 */
export function onPresence(board, node, presence) {
  if (!["free", "do-not-disturb", "offline"].includes(presence)) return board;
  const put = (/** @type {string[]} */ nodes, /** @type {boolean} */ there) => [
    ...nodes.filter((other) => other !== node),
    ...(there ? [node] : []),
  ];
  const undisturbed = put(board.undisturbed, presence === "do-not-disturb");
  return { ...board, undisturbed, offline: put(board.offline, presence === "offline") };
}
