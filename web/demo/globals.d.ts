/** What the classic script adds to the page. Only for the type checker. */
import type { CtiNamespace } from "../src/cti.js";

declare global {
  const Cti: CtiNamespace;
  interface Window {
    /** For those who try things in the console. */
    connector: InstanceType<CtiNamespace["Connector"]>;
  }
}
