/**
 * What the REST API tells beside the calls: who is there, and how a queue is called.
 *
 * @typedef Entry
 * @property {string} node
 * @property {string} name
 *
 * @typedef Queue
 * @property {string} name
 * @property {string[]} members nodes
 */

import { loadColleagues } from "../colleagues.js";

/**
 * @param {Window["connector"]} connector
 * @returns {Promise<Entry[]>} the people of the account, by name
 */
export async function loadPeople(connector) {
  const people = await loadColleagues(connector);
  return people
    .filter(({ id }) => id !== "")
    .map(({ id, name, extension }) => ({ node: `user:${id}`, name: name || extension || id }));
}

/**
 * @param {Window["connector"]} connector
 * @param {string} node such as `queue:77`
 * @returns {Promise<Queue | null>} `null` where the server does not tell
 */
export async function loadQueue(connector, node) {
  try {
    const path = `/queues/${node.slice("queue:".length)}`;
    const answer = /** @type {any} */ (await connector.apiRequest("GET", path));
    const members = Array.isArray(answer?.data?.members) ? answer.data.members : [];
    return {
      name: String(answer?.data?.name ?? ""),
      members: members.map((/** @type {unknown} */ id) => `user:${String(id)}`),
    };
  } catch {
    return null;
  }
}

/**
 * The embedded PBX tells which queues, IVRs and conferences it has; a real account's API does not.
 *
 * @returns {Promise<Entry[]>}
 */
export async function loadSuggestions() {
  try {
    const answer = await fetch("/_pbx/state");
    if (!answer.ok) return [];
    const { services } = await answer.json();
    return services.map((/** @type {any} */ { node, name }) => ({ node, name }));
  } catch {
    return [];
  }
}
