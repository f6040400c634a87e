/**
 * The users of the account.
 *
 * @typedef Colleague
 * @property {string} id
 * @property {string} extension
 * @property {string} name
 * @property {boolean} busy has "do not disturb" switched on
 *
 * @import {Connector} from "../cti-connector.d.ts"
 */

/**
 * @param {Connector} connector
 * @returns {Promise<Colleague[]>} empty if the server does not send the list
 */
export async function loadColleagues(connector) {
  /** @type {any} */
  const answer = await connector.apiRequest("GET", "/users");
  return Array.isArray(answer?.data) ? answer.data.map(read) : [];
}

/**
 * @param {any} person an entry of the API's list
 * @returns {Colleague}
 */
function read(person) {
  const extension = String(person?.ext ?? "");
  const name = [person?.first_name, person?.last_name].filter(Boolean).join(" ");
  const id = String(person?.id ?? "");
  return { id, extension, name: name || extension, busy: person?.dnd === true };
}
