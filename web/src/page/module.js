/**
 * The ES module: the same names as the global `Cti`, as a default export and one by one.
 */

import { createCti } from "./cti.js";

const { Cti } = createCti(import.meta.url);

export default Cti;
export const { Connector, EVENT, CALL_STATUS, DIRECTION, log } = Cti;
