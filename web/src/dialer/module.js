/** The ES module: defines the element, and exports its class. */

import { CtiDialer as Dialer } from "./element.js";

Dialer.scriptUrl = import.meta.url;
if (!customElements.get("cti-dialer")) customElements.define("cti-dialer", Dialer);

export const CtiDialer = /** @type {typeof Dialer} */ (customElements.get("cti-dialer"));
