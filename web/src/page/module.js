/**
 * The ES module: `Cti` as the default export, and each of its names as a named export.
 */

import { createCti } from "./cti.js";

const { Cti } = createCti(import.meta.url);

export default Cti;
export const { Connector, EVENT, CALL_STATUS, DIRECTION, log } = Cti;
