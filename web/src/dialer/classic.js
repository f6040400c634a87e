/** The classic script: `<script src="cti-dialer.js"></script><cti-dialer></cti-dialer>`. */

import { CtiDialer } from "./element.js";

/** @type {Element | null} */
const script = document.currentScript ?? document.querySelector('script[src*="cti-dialer"]');
if (script instanceof HTMLScriptElement) CtiDialer.scriptUrl = script.src;
// Loading the script twice has no effect.
if (!customElements.get("cti-dialer")) customElements.define("cti-dialer", CtiDialer);
