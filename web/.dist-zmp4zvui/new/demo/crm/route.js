/**
 * Which page of the CRM is shown: the part of the address behind the `#`.
 *
 * @typedef {{page: "welcome"}
 *   | {page: "contact", id: string}
 *   | {page: "number", number: string}
 *   | {page: "new", number: string}
 *   | {page: "edit", id: string}} Route
 */

/** @returns {Route} */
export function currentRoute() {
  const [, page = "", rest = ""] = /^#\/([a-z]+)(?:\/(.*))?$/.exec(location.hash) ?? [];
  const value = decode(rest);
  switch (page) {
    case "contact":
    case "edit":
      return { page, id: value };
    case "number":
    case "new":
      return { page, number: value };
    default:
      return { page: "welcome" };
  }
}

/**
 * @param {"contact" | "edit" | "number" | "new"} page
 * @param {string} [value]
 * @returns {string} an address for a link
 */
export function linkTo(page, value = "") {
  return value ? `#/${page}/${encodeURIComponent(value)}` : `#/${page}`;
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
