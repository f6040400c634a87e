/**
 * The messages between a page and the worker: JSON texts over one MessagePort.
 *
 * Both sides (`page/connector.js` and `pycti/pages/worker.py`) follow this file. The order matters: a
 * `state` always comes before the event that announces the change.
 */

import type {
  Call,
  Contact,
  CtiEvent,
  Feature,
  LogRecord,
  Pop,
  Presence,
  Problem,
} from "../cti-connector.js";

export type * from "../cti-connector.js";

/** The commands that a page can send. Python checks their arguments. */
export type Method =
  | "login"
  | "twoFactorAuth"
  | "logout"
  | "answer"
  | "call"
  | "terminate"
  | "transfer"
  | "hold"
  | "resume"
  | "alternate"
  | "sendDigits"
  | "consult"
  | "completeTransfer"
  | "deflect"
  | "pickup"
  | "park"
  | "unpark"
  | "setDoNotDisturb"
  | "presence"
  | "history"
  | "subscribe"
  | "unsubscribe"
  | "note"
  | "apiRequest";

/** An error as it is sent over the port. */
export interface ErrorFields {
  code: string;
  message: string;
  hint?: string;
}

/** The values that `_getParam` returns. They are never secret. */
export interface Params {
  user_id?: string;
  sip_username?: string;
  sip_domain?: string;
}

/** The options that Python needs. `defaultCountry` applies to this page, the others to the worker. */
export interface WorkerOptions {
  apiEndpoint?: string;
  sipServer?: string[];
  defaultCountry?: string;
}

/** The URLs that Python requests first to continue a remembered session. */
export interface Resume {
  /** `GET` answers with the account. */
  account: string;
  /** The WebSocket of the SIP server. */
  server: string;
}

/** The messages that a page wants in addition to events. `lookup`: it has a `lookup` function. */
export interface Wish {
  names: ("pop" | "log" | "presence" | "lookup")[];
  pop: Pop;
  /** The page has a new `lookup` function, so ask again for every number. */
  anew?: boolean;
}

/** Whether the page has the focus, and whether it is visible. */
export interface Sight {
  focused: boolean;
  visible: boolean;
}

/**
 * A text to search for telephone numbers, its labels, one per line, and the country that an element
 * around it names.
 */
export type DetectText = [text: string, label: string, country?: string];

/** The signs of the page's country; `pycti/numbers/origin.py` describes each. */
export interface PageSigns {
  language: string;
  alternates: string[];
  host: string;
  countries: string[];
  addresses: string[];
  numbers: string[];
}

/** A number: the index of its text, its place there in UTF-16 units, and its `tel:` URI. */
export type DetectedNumber = [index: number, start: number, end: number, uri: string];

export type PageMessage =
  /**
   * The first message, sent again after `stranger`. `nodes` and `calls` are those that the page
   * knows, `popped` the ids of calls that have popped up in any page. After `stranger`, `told` is the
   * last state that the page received from this worker. The worker then sends only what differs.
   */
  | {
      type: "hello";
      options: WorkerOptions;
      token: string | null;
      /** The value of the last `state`. */
      resume: Resume | null;
      nodes: string[];
      calls: Call[];
      told?: { user: string | null; connected: boolean };
      listen: Wish;
      focus: Sight;
      popped: string[];
    }
  | ({ type: "listen" } & Wish)
  | ({ type: "focus" } & Sight)
  /** The page enters the back/forward cache. Send it nothing until it sends another message. */
  | { type: "away" }
  /** The answer to the `lookup` with that id. */
  | { type: "contact"; id: number; number: string; contact: unknown }
  /** The page has received the record with that key. */
  | { type: "logged"; key: string }
  /** For a clicked number, `country` and `signs` describe its place on the page. */
  | {
      type: "command";
      id: number;
      method: Method;
      args: unknown[];
      country?: string;
      signs?: PageSigns | null;
    }
  /** Answered by `detected`, or by a `refusal` with the same id. */
  | { type: "detect"; id: number; texts: DetectText[]; signs: PageSigns }
  | { type: "ping" }
  /**
   * The network is back, or the page has returned from the back/forward cache and the worker may have
   * been frozen with it. Make the next attempt at once, and check the connection, the subscriptions
   * and the session.
   */
  | { type: "online" }
  /** A page that has another worker has changed the token in storage. */
  | { type: "stored"; token: string | null }
  | { type: "bye" };

/** The state that the synchronous methods return. */
export interface WorkerState {
  connected: boolean;
  /** A user is logged in, or a remembered session is being restored. */
  loggedIn: boolean;
  uris: string[];
  nodes: string[];
  features: Feature[];
  params: Params;
  /** Why it is not connected, if known. */
  problem?: Problem | null;
  /** To be stored with the token; `null` while it is not connected. */
  resume?: Resume | null;
}

/**
 * `loading`: files are being downloaded; `starting`: Python starts; `importing`: Python imports the
 * package; `ready`: the worker serves pages.
 */
export type Stage = "loading" | "starting" | "importing" | "ready";

export type WorkerMessage =
  | { type: "progress"; stage: Stage }
  /** For the console: a part of the connector works with restrictions. */
  | { type: "warning"; message: string }
  | ({ type: "state" } & WorkerState)
  | { type: "event"; event: CtiEvent }
  | { type: "result"; id: number; value: unknown }
  | { type: "refusal"; id: number; error: ErrorFields }
  | { type: "detected"; id: number; found: DetectedNumber[] }
  | { type: "front"; front: boolean }
  /** Asks one page for the contact of a number. */
  | { type: "lookup"; id: number; number: string; call: Call }
  /** The contact of the other side of a running call is known. */
  | { type: "contact"; call: Call; contact: Contact }
  | { type: "pop"; call: Call; contact: Contact | null }
  | { type: "log"; record: LogRecord }
  /** The presence of a user who is followed has changed. */
  | { type: "presence"; node: string; presence: Presence }
  /** Store this API token, or remove the stored one. */
  | { type: "token"; token: string | null }
  | { type: "pong" }
  /** Sent to a page that the worker does not know, or that has missed too much: send `hello` again. */
  | { type: "stranger" }
  /** The worker could not start or cannot continue. It closes itself after this message. */
  | { type: "failed"; error: ErrorFields };

/** All waiting times, in milliseconds. */
export interface Timing {
  /** The time between two pings of the page. */
  ping: number;
  /** The time without a message after which a running worker counts as dead. */
  silence: number;
  /** The time without a message after which a starting worker counts as dead. */
  boot: number;
  /** A timer that is later than this was delayed because the page slept, not the worker. */
  late: number;
  /** The first wait before a new attempt, and the longest. */
  retry: number;
  retryMax: number;
  /** When `stranger` arrives, a request that has waited longer than this gets no answer any more. */
  stale: number;
  /** How long an element shows that its call has ended. */
  linger: number;
  /** How long a visible page, and a hidden page, wait before they try to get a ringing call's lock. */
  yield: number;
  yieldHidden: number;
}

/** The addresses of the other scripts. */
export interface Scripts {
  workerUrl: string;
  detectUrl: string;
  frameUrl: string;
}

/** Only tests replace these. */
export interface Internals extends Scripts {
  timing?: Partial<Timing>;
}
