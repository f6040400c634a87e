/**
 * What the board shows: nodes such as `queue:77`, chosen on the page and remembered in this
 * browser. Names that the chooser gave are remembered; names of callers never are.
 *
 * @typedef {"queue" | "user" | "conf" | "ivr"} NodeType
 *
 * @typedef Chosen
 * @property {string} node
 * @property {string} name `""`: what the server calls it
 *
 * @typedef Limits in seconds
 * @property {number} warn a caller who waits this long should be looked after
 * @property {number} alarm now
 *
 * @typedef Choice
 * @property {Chosen[]} nodes
 * @property {Limits} limits
 */

export const KEY = "cti-wallboard";
const NODE = /^(queue|user|conf|ivr):([0-9]{1,15})$/;
const LONGEST_NAME = 60;
const LONGEST_WAIT = 3600;
/** More would not fit on any wall, and each is a subscription. */
export const MOST_NODES = 60;

/** @type {Readonly<Limits>} */
export const LIMITS = Object.freeze({ warn: 30, alarm: 60 });

/** @type {Record<NodeType, string>} */
export const TYPES = { queue: "Queue", user: "User", conf: "Conference", ivr: "IVR" };

/**
 * @param {string} node
 * @returns {NodeType | null} `null` where it is no node
 */
export function typeOf(node) {
  return /** @type {NodeType | undefined} */ (NODE.exec(node)?.[1]) ?? null;
}

/**
 * @param {string} node
 * @returns {string} what it is called as long as nobody has told its name
 */
export function plainName(node) {
  const type = typeOf(node);
  return type ? `${TYPES[type]} ${node.slice(type.length + 1)}` : node;
}

/**
 * @param {Chosen[]} nodes
 * @param {Chosen} added
 * @returns {Chosen[]} with it, once
 */
export function withNode(nodes, added) {
  if (typeOf(added.node) === null) return nodes;
  const name = added.name.trim().slice(0, LONGEST_NAME);
  const others = nodes.filter(({ node }) => node !== added.node);
  if (others.length < nodes.length) {
    return nodes.map((chosen) =>
      chosen.node === added.node ? { ...chosen, name: name || chosen.name } : chosen,
    );
  }
  return others.length < MOST_NODES ? [...others, { node: added.node, name }] : nodes;
}

/**
 * @param {unknown} warn
 * @param {unknown} alarm
 * @returns {Limits} sensible ones, whatever was given
 */
export function limitsOf(warn, alarm) {
  const seconds = (/** @type {unknown} */ value, /** @type {number} */ other) => {
    const number = Math.round(Number(value));
    return Number.isFinite(number) && number > 0 ? Math.min(number, LONGEST_WAIT) : other;
  };
  const first = seconds(warn, LIMITS.warn);
  return { warn: first, alarm: Math.max(first, seconds(alarm, Math.max(first, LIMITS.alarm))) };
}

/**
 * @param {string | null} text what was remembered; anything may be in it
 * @returns {Choice}
 */
export function parseChoice(text) {
  /** @type {any} */
  let data = null;
  try {
    data = JSON.parse(text ?? "null");
  } catch {
    // Somebody else's, or damaged: as if nothing had been chosen.
  }
  const given = Array.isArray(data?.nodes) ? data.nodes : [];
  const nodes = given.reduce(
    (/** @type {Chosen[]} */ known, /** @type {any} */ one) =>
      withNode(known, { node: String(one?.node ?? ""), name: String(one?.name ?? "") }),
    /** @type {Chosen[]} */ ([]),
  );
  return { nodes, limits: limitsOf(data?.limits?.warn, data?.limits?.alarm) };
}

/** @returns {Choice} */
export function loadChoice() {
  try {
    return parseChoice(localStorage.getItem(KEY));
  } catch {
    return parseChoice(null);
  }
}

/** @param {Choice} choice */
export function saveChoice(choice) {
  try {
    localStorage.setItem(KEY, JSON.stringify(choice));
  } catch {
    // Storage is forbidden or full: the choice lasts as long as the page.
  }
}
