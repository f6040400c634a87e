/**
 * The public names, bound to the address of the bundle.
 */

import { DETECT, FRAME_LINK, WORKER } from "../common/build-info.js";
import { Connector as AnyConnector } from "./connector.js";
import { CALL_STATUS, DIRECTION, EVENT, log } from "./constants.js";

/** @typedef {ReturnType<typeof createCti>["Cti"]} CtiNamespace */

/** @param {string} scriptUrl the base address of the other scripts */
export function createCti(scriptUrl) {
  /** @type {AnyConnector[]} */
  const made = [];

  class Connector extends AnyConnector {
    /** The address of the other files, for scripts that a bundler has moved. */
    static scriptUrl = scriptUrl;

    /**
     * @param {unknown} options
     * @param {Partial<import("../common/protocol.d.ts").Internals>} [internals] not public
     */
    constructor(options, internals) {
      const base = new URL(Connector.scriptUrl, document.baseURI);
      const [workerUrl = "", detectUrl = "", frameUrl = ""] = [WORKER, DETECT, FRAME_LINK].map(
        (file) => new URL(file, base).href,
      );
      super(options, { workerUrl, detectUrl, frameUrl, ...internals });
      made.push(this);
    }

    /** @override */
    destroy() {
      super.destroy();
      const index = made.indexOf(this);
      if (index >= 0) made.splice(index, 1);
    }
  }

  // Not frozen: pages add their own properties to the namespace (`Cti.Platform`).
  return { Cti: { Connector, EVENT, CALL_STATUS, DIRECTION, log }, first: () => made[0] };
}
