/** What the pages' script adds to the window. Only for the type checker. */
import type { Connector } from "../src/cti-connector.js";

declare global {
  interface Window {
    /** For those who try things in the console. */
    connector: Connector;
  }
}
