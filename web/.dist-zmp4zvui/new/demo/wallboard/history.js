/**
 * The last minutes for the chart, in buckets of equal length: the most callers that waited at once,
 * and how many were answered and missed. Pure, as `board.js`.
 *
 * @typedef Count
 * @property {number} waiting
 * @property {number} answered
 * @property {number} missed
 *
 * @typedef Bucket
 * @property {number} start epoch milliseconds, a multiple of `BUCKET`
 * @property {boolean} gap the connection was lost in it
 * @property {Record<string, Count>} queues by node
 *
 * @typedef {Count & {start: number, known: boolean, gap: boolean}} Column of the chart
 */

/** Milliseconds of a bucket. */
export const BUCKET = 30_000;
/** How many buckets the chart shows: a quarter of an hour. */
export const BUCKETS = 30;

/**
 * @param {Bucket[]} history
 * @param {Record<string, number>} waiting callers that wait now, by queue
 * @param {Record<string, "answered" | "missed">} changes what has just happened, by queue
 * @param {number} now
 * @returns {Bucket[]}
 */
export function note(history, waiting, changes, now) {
  const [rest, last] = current(history, now);
  const queues = { ...last.queues };
  for (const node of new Set([...Object.keys(waiting), ...Object.keys(changes)])) {
    const count = { ...(queues[node] ?? { waiting: 0, answered: 0, missed: 0 }) };
    count.waiting = Math.max(count.waiting, waiting[node] ?? 0);
    const change = changes[node];
    if (change) count[change] += 1;
    queues[node] = count;
  }
  return [...rest, { ...last, queues }];
}

/**
 * The connection is lost: the present bucket may lack something.
 *
 * @param {Bucket[]} history
 * @param {number} now
 * @returns {Bucket[]}
 */
export function noteGap(history, now) {
  const [rest, last] = current(history, now);
  return last.gap ? history : [...rest, { ...last, gap: true }];
}

/**
 * @param {Bucket[]} history
 * @param {string[]} nodes the queues that count
 * @param {number} now
 * @returns {Column[]} `BUCKETS` of them; what is not known is there, too
 */
export function columns(history, nodes, now) {
  const known = new Map(history.map((bucket) => [bucket.start, bucket]));
  const last = startOf(now);
  return Array.from({ length: BUCKETS }, (_, index) => {
    const start = last - (BUCKETS - 1 - index) * BUCKET;
    const bucket = known.get(start);
    const column = { start, known: bucket !== undefined, gap: bucket?.gap ?? false };
    const counts = nodes.map((node) => bucket?.queues[node]);
    const sum = (/** @type {keyof Count} */ name) =>
      counts.reduce((total, count) => total + (count?.[name] ?? 0), 0);
    const [waiting, answered, missed] = [sum("waiting"), sum("answered"), sum("missed")];
    return { ...column, waiting, answered, missed };
  });
}

/**
 * @param {Bucket[]} history
 * @param {number} now
 * @returns {[Bucket[], Bucket]} the buckets before the present one, and that one
 */
function current(history, now) {
  const start = startOf(now);
  const last = history.at(-1);
  // A clock that was set back must not reorder the chart.
  if (last && last.start >= start) return [history.slice(0, -1), last];
  const kept = history.filter((bucket) => bucket.start > start - BUCKETS * BUCKET);
  return [kept, { start, gap: false, queues: {} }];
}

/** @param {number} now */
function startOf(now) {
  return Math.floor(now / BUCKET) * BUCKET;
}
