/**
 * What a page and the worker say to each other: JSON texts over one MessagePort.
 *
 * Both sides (`connector.js` here, `pycti/worker.py` there) follow this file. Order counts:
 * a `state` always comes before the event that announces it.
 */

/** The commands a page may send; Python checks their arguments. */
export type Method =
  | "login"
  | "twoFactorAuth"
  | "logout"
  | "answer"
  | "call"
  | "terminate"
  | "transfer"
  | "subscribe"
  | "unsubscribe"
  | "apiRequest";

export type CallStatus =
  | "INITIAL"
  | "ACCEPTED"
  | "RINGING"
  | "CONNECTED"
  | "ON_HOLD"
  | "HANGUP"
  | "CANCEL";

/** A call as one node sees it, at one moment. Times are epoch milliseconds. */
export interface Call {
  id: string;
  cid: string;
  cause: string;
  destination: string;
  destinationName: string;
  source: string;
  sourceName: string;
  direction: "INBOUND" | "OUTBOUND";
  status: CallStatus;
  node: string;
  /** The id that INITIAL gave; `""` for calls that this connector did not start. */
  requestId: string;
  startTime: number | null;
  answerTime: number | null;
}

/** Something that happened to the session or to a command. */
export interface ActivityEvent {
  name: "LOGGED_IN" | "TWO_FACTOR_AUTH" | "LOGGED_OUT" | "READY" | "SUBSCRIBED" | "INFO" | "ERROR";
  message: string;
  /** On ERROR, INFO and a LOGGED_OUT that nobody asked for. */
  code?: string;
  /** On ERROR: the remedy. */
  hint?: string;
  /** On TWO_FACTOR_AUTH. */
  nonce?: string;
  /** On SUBSCRIBED. */
  uri?: string;
  node?: string;
}

/** A call reached a new state; the name is that state. */
export interface CallEvent {
  name: CallStatus;
  call: Call;
}

/** What `onMessage` gets. */
export type CtiEvent = ActivityEvent | CallEvent;

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

/** The options that Python needs. */
export interface WorkerOptions {
  apiEndpoint?: string;
  sipServer?: string[];
  defaultCountry?: string;
}

/** A text in which telephone numbers are looked for, and what it stands under, one a line. */
export type DetectText = [text: string, label: string];

/** A number: the index of its text, its place there in UTF-16 units, and its `tel:` URI. */
export type DetectedNumber = [index: number, start: number, end: number, uri: string];

export type PageMessage =
  /** First of all, and again after `stranger`. `nodes` and `calls` are what the page knows already. */
  | { type: "hello"; options: WorkerOptions; token: string | null; nodes: string[]; calls: Call[] }
  | { type: "command"; id: number; method: Method; args: unknown[] }
  /** Answered by `detected`, or by a `refusal` with the same id. */
  | { type: "detect"; id: number; texts: DetectText[] }
  | { type: "ping" }
  /** The browser says that the network is back: do not wait before the next attempt. */
  | { type: "online" }
  | { type: "bye" };

/**
 * `loading`: files are under way; `starting`: Python starts; `importing`: the package is
 * imported; `ready`: pages are served.
 */
export type Stage = "loading" | "starting" | "importing" | "ready";

export type WorkerMessage =
  | { type: "progress"; stage: Stage }
  | { type: "state"; connected: boolean; uris: string[]; nodes: string[]; params: Params }
  | { type: "event"; event: CtiEvent }
  | { type: "result"; id: number; value: unknown }
  | { type: "refusal"; id: number; error: ErrorFields }
  | { type: "detected"; id: number; found: DetectedNumber[] }
  /** Remember this API token, or forget the one there is. */
  | { type: "token"; token: string | null }
  | { type: "pong" }
  /** An answer to a page that the worker does not know: say hello again. */
  | { type: "stranger" }
  /** The worker could not start or cannot go on; it closes itself after this. */
  | { type: "failed"; error: ErrorFields };

export type Persist = "local" | "session" | "none";
export type Load = "eager" | "idle" | "interaction";

/** What `new Cti.Connector(options)` takes. */
export interface ConnectorOptions {
  onMessage: (event: CtiEvent) => void;
  /** Base URL of the REST API: http(s), or a path on the page's own origin. */
  apiEndpoint?: string;
  /** WebSocket URL of the SIP server: ws(s), or a path on the page's own origin; or several. */
  sipServer?: string | string[];
  /** ISO 3166 code of the country whose national numbers are understood. */
  defaultCountry?: string;
  /** Where the API token is remembered. Default: `"local"`. */
  persist?: Persist;
  /** When the runtime is loaded. Default: `"eager"`. */
  load?: Load;
  /** One connection for all tabs of the origin. Default: true where the browser can. */
  shared?: boolean;
}

/** What `connector.clickToCall(options)` takes. */
export interface ClickToCallOptions {
  /** Numbers inside it are dialled. Default: the document. */
  root?: Document | DocumentFragment | Element;
  /** Numbers in plain text become links, too. Default: false. */
  detect?: boolean;
  /** Words that are read out for a state, by its name in lower case; `{number}` stands for the number. */
  texts?: Partial<Record<Lowercase<CallStatus>, string>>;
}

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
}

/** Where the parts are; tests replace them, pages do not. */
export interface Internals {
  workerUrl: string;
  detectUrl: string;
  timing?: Partial<Timing>;
}
