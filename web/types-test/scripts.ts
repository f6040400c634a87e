/**
 * The scripts keep what the declarations promise: the real classes fit into the declared ones, and
 * neither has a public member that the other lacks.
 */

import type { Connector as RealConnector } from "../src/page/connector.js";
import type * as declared from "../src/cti-connector.js";
import { createCti } from "../src/page/cti.js";
import type { CtiError as RealError } from "../src/common/errors.js";
import type * as module from "../src/page/module.js";

const made: declared.CtiNamespace = createCti("https://www.example.com/cti-connector.js").Cti;
made.log("It fits.");

/** Reports the names that only one of the two has. */
type Difference<One, Other> = Exclude<keyof One, keyof Other> | Exclude<keyof Other, keyof One>;
const none = <_Names extends never>(): void => {};

none<Difference<RealConnector, declared.Connector>>();
none<Difference<ReturnType<typeof createCti>["Cti"], declared.CtiNamespace>>();
none<Difference<typeof module, typeof declared>>();

declare const thrown: RealError;
const error: Omit<declared.CtiError, "name"> = thrown;
made.log(error.code);
