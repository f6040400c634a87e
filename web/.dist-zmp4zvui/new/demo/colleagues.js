/**
 * The people of the account: an example of a REST call that has no method of its own.
 *
 * @typedef Colleague
 * @property {string} id
 * @property {string} extension
 * @property {string} name
 * @property {boolean} busy does not want to be disturbed
 */

/**
 * @param {Window["connector"]} connector
 * @returns {Promise<Colleague[]>} sorted by name; none where the server does not tell
 */
export async function loadColleagues(connector) {
  try {
    const answer = /** @type {any} */ (await connector.apiRequest("GET", "/users"));
    const people = Array.isArray(answer?.data) ? answer.data.map(read) : [];
    return people.sort((/** @type {Colleague} */ one, /** @type {Colleague} */ other) =>
      one.name.localeCompare(other.name),
    );
  } catch {
    // An ERROR event has told why.
    return [];
  }
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
