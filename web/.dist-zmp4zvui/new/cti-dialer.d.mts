/**
 * `<cti-dialer>`, typed: what `cti-dialer.mjs` exports, and what both scripts define.
 *
 * Written by hand and shipped as it is; `web/types-test` holds the script to it.
 */

import type { Connector } from "./cti-connector.js";

/** A telephone to drop into a page. Neither of its own events bubbles. */
export declare class CtiDialer extends HTMLElement {
  /** Where the other files of the bundle are. */
  static scriptUrl: string;

  /** The connector that is used: the page's, where it gave one, or the dialer's own. */
  get connector(): Connector | null;
  /** One of the page's, which stays the page's to destroy. */
  set connector(connector: Connector | null);
  /** Whether the panel in the corner is open. */
  open: boolean;
  /** Whether the ring tone plays here and now. */
  readonly ringing: boolean;
  /** Show a number, ready to be called. */
  dial(number: string | number): void;

  addEventListener<Name extends keyof CtiDialerEventMap>(
    name: Name,
    listener: (this: CtiDialer, event: CtiDialerEventMap[Name]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    name: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

export interface CtiDialerEventMap extends Omit<HTMLElementEventMap, "toggle"> {
  /** The dialer has its connector. */
  connector: Event;
  /** The panel was opened or closed. */
  toggle: Event;
}

declare global {
  interface HTMLElementTagNameMap {
    "cti-dialer": CtiDialer;
  }
}
