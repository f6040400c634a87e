/** The element keeps what its declaration promises, and a page finds it by its name. */

import type { Connector } from "../src/cti-connector.js";
import type { CtiDialer } from "../src/cti-dialer.js";
import type { CtiDialer as RealDialer } from "../src/dialer/element.js";

type Own<Element> = Exclude<keyof Element, keyof HTMLElement>;
/** What a browser calls, not a page. */
type Reactions =
  | "connectedCallback"
  | "connectedMoveCallback"
  | "disconnectedCallback"
  | "attributeChangedCallback";
const none = <_Names extends never>(): void => {};

none<Exclude<Own<RealDialer>, Own<CtiDialer> | Reactions>>();
none<Exclude<Own<CtiDialer>, Own<RealDialer>>>();

declare const real: RealDialer;
const members: Pick<CtiDialer, Own<CtiDialer>> = real;
members.dial("+442036427900");

const dialer = document.createElement("cti-dialer");
dialer.addEventListener("connector", () => {
  const { connector }: { connector: Connector | null } = dialer;
  connector?.on("log", ({ key }) => dialer.dial(key));
});
dialer.connector = null;
dialer.open = !dialer.open;
// @ts-expect-error it is read only
dialer.ringing = true;
// @ts-expect-error not a connector
dialer.connector = {};
