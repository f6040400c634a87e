/**
 * The people of the account.
 *
 * @typedef Colleague
 * @property {string} id
 * @property {string} extension
 * @property {string} name
 * @property {boolean} busy does not want to be disturbed
 *
 * @import {Connector} from "../cti-connector.d.ts"
 */

/**
 * @param {Connector} connector
 * @returns {Promise<Colleague[]>} none where the server does not tell
 */
export async function loadColleagues(connector) {
  /** @type {any} */
  const answer = await connector.apiRequest("GET", "/users");
  return Array.isArray(answer?.data) ? answer.data.map(read) : [];
}

/**
 * @param {any} person as the API lists it
 * @returns {Colleague}
 */
function read(person) {
  const extension = String(person?.ext ?? "");
  const name = [person?.first_name, person?.last_name].filter(Boolean).join(" ");
  const id = String(person?.id ?? "");
  return { id, extension, name: name || extension, busy: person?.dnd === true };
}
