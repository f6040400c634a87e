/**
 * What the REST API tells beside the calls: who is there, and how a queue is called.
 *
 * @typedef Entry
 * @property {string} node
 * @property {string} name
 *
 * @typedef {Entry & {busy: boolean}} Colleague `busy`: "do not disturb" is on
 *
 * @typedef Queue
 * @property {string} name
 * @property {string[]} members nodes
 */

import { loadColleagues } from "../colleagues.js";
import { loadState } from "../outside/pbx.js";

/**
 * @param {Window["connector"]} connector
 * @returns {Promise<Colleague[]>} the people of the account, by name
 */
export async function loadPeople(connector) {
  const people = await loadColleagues(connector);
  return people
    .filter(({ id }) => id !== "")
    .map(({ id, name, busy }) => ({ node: `user:${id}`, name: name || id, busy }));
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
 * What the demo's PBX has: queues, IVRs and conferences, then people. A real account's API lists no
 * queues.
 *
 * @returns {Promise<{services: Entry[], people: Entry[]}>}
 */
export async function loadSuggestions() {
  const { services = [], accounts = [] } = (await loadState()) ?? {};
  return {
    services: services.map(({ node, name }) => ({ node, name })),
    people: accounts.map(({ id, name }) => ({ node: `user:${id}`, name })),
  };
}
