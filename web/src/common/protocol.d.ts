/**
 * What a page and the worker say to each other: JSON texts over one MessagePort.
 *
 * Both sides (`page/connector.js` here, `pycti/pages/worker.py` there) follow this file. Order counts:
 * a `state` always comes before the event that announces it.
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

/** The commands a page may send; Python checks their arguments. */
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

/** An error as it crosses the port. */
export interface ErrorFields {
  code: string;
  message: string;
  hint?: string;
}

/** What `_getParam` answers; never a secret. */
export interface Params {
  user_id?: string;
  sip_username?: string;
  sip_domain?: string;
}

/** The options that Python needs; all but `defaultCountry`, which is the page's own, are the worker's. */
export interface WorkerOptions {
  apiEndpoint?: string;
  sipServer?: string[];
  defaultCountry?: string;
}

/** What a page wants to hear beside the events; `lookup` says that it knows names. */
export interface Wish {
  names: ("pop" | "log" | "presence" | "lookup")[];
  pop: Pop;
  /** It has other answers to the lookups than before. */
  anew?: boolean;
}

/** How near a page is to the user. */
export interface Sight {
  focused: boolean;
  visible: boolean;
}

/** A text in which telephone numbers are looked for, and what it stands under, one a line. */
export type DetectText = [text: string, label: string];

/** A number: the index of its text, its place there in UTF-16 units, and its `tel:` URI. */
export type DetectedNumber = [index: number, start: number, end: number, uri: string];

export type PageMessage =
  /**
   * First of all, and again after `stranger`. `nodes` and `calls` are what the page knows already,
   * `popped` the ids of calls that have popped up in any page. After `stranger`, `told` is how
   * things stood when this worker last told it: only what is different now is told again.
   */
  | {
      type: "hello";
      options: WorkerOptions;
      token: string | null;
      nodes: string[];
      calls: Call[];
      told?: { user: string | null; connected: boolean };
      listen: Wish;
      focus: Sight;
      popped: string[];
    }
  | ({ type: "listen" } & Wish)
  | ({ type: "focus" } & Sight)
  /** The page goes into the back/forward cache, and is sent nothing until it says anything else. */
  | { type: "away" }
  /** The answer to the `lookup` of that id. */
  | { type: "contact"; id: number; number: string; contact: unknown }
  /** The record of that key has arrived. */
  | { type: "logged"; key: string }
  | { type: "command"; id: number; method: Method; args: unknown[] }
  /** Answered by `detected`, or by a `refusal` with the same id. */
  | { type: "detect"; id: number; texts: DetectText[] }
  | { type: "ping" }
  /**
   * The browser says that the network is back, or the page is, and the worker may have been frozen
   * with it: do not wait before the next attempt, and see what still holds.
   */
  | { type: "online" }
  /** The storage that pages share was changed by a page that has another worker. */
  | { type: "stored"; token: string | null }
  | { type: "bye" };

/** What the synchronous methods answer from. */
export interface WorkerState {
  connected: boolean;
  /** A user is logged in, or a remembered session is being restored. */
  loggedIn: boolean;
  uris: string[];
  nodes: string[];
  features: Feature[];
  params: Params;
  /** Why it is not connected, where that is known. */
  problem?: Problem | null;
}

/**
 * `loading`: files are under way; `starting`: Python starts; `importing`: the package is
 * imported; `ready`: pages are served.
 */
export type Stage = "loading" | "starting" | "importing" | "ready";

export type WorkerMessage =
  | { type: "progress"; stage: Stage }
  /** For the console: something is not as it should be, but works. */
  | { type: "warning"; message: string }
  | ({ type: "state" } & WorkerState)
  | { type: "event"; event: CtiEvent }
  | { type: "result"; id: number; value: unknown }
  | { type: "refusal"; id: number; error: ErrorFields }
  | { type: "detected"; id: number; found: DetectedNumber[] }
  | { type: "front"; front: boolean }
  /** Who is it? Asked of one page. */
  | { type: "lookup"; id: number; number: string; call: Call }
  /** It is known who is on the other side of a running call. */
  | { type: "contact"; call: Call; contact: Contact }
  | { type: "pop"; call: Call; contact: Contact | null }
  | { type: "log"; record: LogRecord }
  /** A user who is followed is otherwise than before. */
  | { type: "presence"; node: string; presence: Presence }
  /** Remember this API token, or forget the one there is. */
  | { type: "token"; token: string | null }
  | { type: "pong" }
  /** To a page that the worker does not know, or that has missed too much: say hello again. */
  | { type: "stranger" }
  /** The worker could not start or cannot go on; it closes itself after this. */
  | { type: "failed"; error: ErrorFields };

/** All waiting times, in milliseconds. */
export interface Timing {
  /** Between two signs of life that the page asks for. */
  ping: number;
  /** Silence after which a running worker counts as dead. */
  silence: number;
  /** Silence after which a starting worker counts as dead. */
  boot: number;
  /** A timer that is later than this was held back: the page slept, not the worker. */
  late: number;
  /** The first wait before a new attempt, and the longest. */
  retry: number;
  retryMax: number;
  /** An answer that is this late when the worker calls us a stranger will not come. */
  stale: number;
  /** How long an element shows the end of its call. */
  linger: number;
  /** How long a visible, and how long a hidden page leaves a ringing call to the one in focus. */
  yield: number;
  yieldHidden: number;
}

/** Where the parts are. */
export interface Scripts {
  workerUrl: string;
  detectUrl: string;
  frameUrl: string;
}

/** Tests replace them, pages do not. */
export interface Internals extends Scripts {
  timing?: Partial<Timing>;
}
