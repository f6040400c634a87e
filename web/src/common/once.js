/**
 * @template T
 * @param {() => Promise<T>} work
 * @returns {() => Promise<T>} runs `work` once, and again only if it has failed
 */
export function once(work) {
  /** @type {Promise<T> | null} */
  let done = null;
  return () => {
    done ??= work().catch((error) => {
      done = null;
      throw error;
    });
    return done;
  };
}
