import type { CtiDialer } from "./element.js";

declare global {
  interface HTMLElementTagNameMap {
    "cti-dialer": CtiDialer;
  }
}
