/**
 * The embedded PBX's control API: what people at phones would do. Only demos and tests have it.
 *
 * @typedef Leg one phone's part in a call
 * @property {string} id
 * @property {string} node `""` for a phone outside
 * @property {string} number
 * @property {string} name
 * @property {string} remote who is on the other side, as this phone was told
 * @property {boolean} anchor whether it is the one that the call connects to others
 * @property {"initiator" | "recipient"} direction
 * @property {"trying" | "proceeding" | "early" | "confirmed" | "held" | "terminated"} state
 *
 * @typedef PbxCall
 * @property {string} id
 * @property {string} state
 * @property {string} src
 * @property {string} src_name
 * @property {string} dst
 * @property {string} dst_name
 * @property {Leg[]} legs
 *
 * @typedef Account
 * @property {string} id
 * @property {string} ext
 * @property {string} name
 * @property {string} email
 * @property {{registered: boolean, dnd: boolean, pickup_after: number | null}} phone
 *
 * @typedef PbxState
 * @property {number} version
 * @property {Account[]} accounts
 * @property {{node: string, ext: string, name: string}[]} services
 * @property {{number: string, name: string, does: string}[]} outside
 * @property {PbxCall[]} calls
 */

const BASE = "/_pbx/";
/** Milliseconds until the next attempt when the PBX does not answer. */
const PAUSE = 3_000;

/**
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<void>}
 * @throws {Error} with the PBX's own words
 */
export async function control(path, body = {}) {
  const response = await fetch(BASE + path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (response.ok) return;
  const { message } = await response.json().catch(() => ({}));
  throw new Error(message ?? `The PBX answered with ${response.status}.`);
}

/**
 * Calls back with the state now and after every change: one request waits at the server until
 * something has changed. A hidden tab does not wait, for browsers allow few requests at a time.
 *
 * @param {(state: PbxState) => void} onState
 */
export async function follow(onState) {
  let state = await load("state");
  if (!state) return;
  for (;;) {
    if (state) onState(state);
    else await new Promise((resolve) => setTimeout(resolve, PAUSE));
    await visible();
    state = state ? await change(state.version) : await load("state");
  }
}

/**
 * @param {number} version
 * @returns {Promise<PbxState | null>} the next state; null when the tab was hidden before
 */
async function change(version) {
  const stop = new AbortController();
  const onHide = () => document.hidden && stop.abort();
  document.addEventListener("visibilitychange", onHide, { signal: stop.signal });
  try {
    return await load(`state?since=${version}`, stop.signal);
  } finally {
    stop.abort();
  }
}

/**
 * @param {string} path
 * @param {AbortSignal} [signal]
 * @returns {Promise<PbxState | null>} null where there is no such PBX, or none just now
 */
async function load(path, signal) {
  try {
    const response = await fetch(BASE + path, { signal });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/** @returns {Promise<void>} when somebody sees the page */
async function visible() {
  while (document.hidden) {
    await new Promise((resolve) =>
      document.addEventListener("visibilitychange", resolve, { once: true }),
    );
  }
}
