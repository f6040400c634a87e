/**
 * The connector's surface, typed: the global `Cti`, and what `cti-connector.mjs` exports.
 *
 * Written by hand and shipped as it is; `web/types-test` holds the scripts to it.
 */

export type CallStatus =
  | "INITIAL"
  | "ACCEPTED"
  | "RINGING"
  | "CONNECTED"
  | "ON_HOLD"
  | "HANGUP";

export type CallDirection = "INBOUND" | "OUTBOUND";

/** A call as one node sees it, at one moment. Times are epoch milliseconds. */
export interface Call {
  /** What `answer`, `terminate`, `transfer`, `note` and the like take. */
  id: string;
  cid: string;
  /** Why it ended: for CANCEL and HANGUP, else `""`. */
  cause: string;
  destination: string;
  destinationName: string;
  source: string;
  sourceName: string;
  direction: CallDirection;
  status: CallStatus;
  /** Which subscription reports it: `user:10002`, `queue:77`. */
  node: string;
  /** The id that INITIAL gave; `""` for calls that this connector did not start. */
  requestId: string;
  /** The id that the REST API uses; `""` until ACCEPTED for a call that this connector started. */
  serverId: string;
  startTime: number | null;
  answerTime: number | null;
}

interface Activity<Name extends string> {
  name: Name;
  /** For people. */
  message: string;
  /** On ERROR, INFO and a LOGGED_OUT that nobody asked for: stable, for programs. */
  code?: string;
  /** The remedy, where there is one. */
  hint?: string;
}

export interface LoggedInEvent extends Activity<"LOGGED_IN"> {}
export interface ReadyEvent extends Activity<"READY"> {}
export interface TwoFactorAuthEvent extends Activity<"TWO_FACTOR_AUTH"> {
  /** What `twoFactorAuth` takes. */
  nonce: string;
}
export interface LoggedOutEvent extends Activity<"LOGGED_OUT"> {}
export interface SubscribedEvent extends Activity<"SUBSCRIBED"> {
  uri: string;
  node: string;
}
export interface InfoEvent extends Activity<"INFO"> {
  code: string;
}
export interface CtiErrorEvent extends Activity<"ERROR"> {
  code: string;
}

/** Something that happened to the session or to a command. */
export type ActivityEvent =
  | LoggedInEvent
  | ReadyEvent
  | TwoFactorAuthEvent
  | LoggedOutEvent
  | SubscribedEvent
  | InfoEvent
  | CtiErrorEvent;

/** The state, or CANCEL: an outbound call has ended that could not be connected. */
export type CallEventName = CallStatus | "CANCEL";

/** A call reached a new state. */
export interface CallEvent<Name extends CallEventName = CallEventName> {
  name: Name;
  call: Call & { status: Name extends CallStatus ? Name : "HANGUP" };
  /** The call's latest event, which has been told before, is told again after READY. */
  replay?: true;
}

/** What `onMessage` gets. */
export type CtiEvent = ActivityEvent | { [Name in CallEventName]: CallEvent<Name> }[CallEventName];

export type EventName = CtiEvent["name"];

/** Who a number belongs to. Whatever else is in it must fit into JSON. */
export interface Contact {
  name: string;
  company?: string;
  url?: string;
  [more: string]: unknown;
}

/** Asked once per number; `null` where nobody knows it. */
export type Lookup = (
  number: string,
  call: Call,
) => Contact | null | undefined | Promise<Contact | null | undefined>;

/** How a call of the user ended. */
export type Outcome =
  | "answered"
  | "missed"
  | "no-answer"
  | "busy"
  | "rejected"
  | "cancelled"
  | "failed";

/** A call of the user that has ended. A record whose `key` is known replaces the older one. */
export interface LogRecord {
  /** The same in every tab and on every device: `USER@SIP-DOMAIN/CALL`. */
  key: string;
  callId: string;
  requestId: string;
  node: string;
  direction: CallDirection;
  /** The other side. */
  number: string;
  name: string;
  contact: Contact | null;
  /** Epoch milliseconds, `null` where not known. */
  startTime: number | null;
  answerTime: number | null;
  endTime: number | null;
  /** Seconds talked: 0 where nobody answered, `null` where not known. */
  duration: number | null;
  outcome: Outcome;
  cause: string;
  notes: string;
}

/** How a user is who is followed. */
export type Presence =
  | "free"
  | "ringing"
  | "talking"
  | "on-hold"
  | "do-not-disturb"
  | "offline"
  | "unknown";

/**
 * What a server may offer: `hold` is also `resume` and `alternate`, `digits` is `sendDigits`,
 * `consult` also `completeTransfer`, `park` also `unpark`, `dnd` is `setDoNotDisturb`.
 */
export type Feature =
  | "answer"
  | "terminate"
  | "transfer"
  | "hold"
  | "digits"
  | "consult"
  | "deflect"
  | "pickup"
  | "park"
  | "dnd"
  | "history";

/** Where the connector stands. */
export type Status = "stopped" | "starting" | "logged-out" | "connecting" | "ready";

/** What keeps the connector from being ready. It is tried again by itself. */
export interface Problem {
  code: string;
  message: string;
  hint: string;
}

/** Which tabs a call pops up in. */
export type Pop = "active" | "all" | "none";

/** What a listener gets, by the name that it listens to. */
export type CtiEventMap = {
  [Name in EventName]: Extract<CtiEvent, { name: Name }>;
} & {
  /** Every event. */
  event: CtiEvent;
  /** The connection, the followed nodes or the running calls have changed. */
  state: { status: Status };
  /** The status has changed, or why the connector is not ready; `problem` says why, where known. */
  status: { status: Status; problem: Problem | null };
  /** A lookup has answered. */
  contact: { call: Call; contact: Contact };
  /** A call for the user rings. */
  pop: { call: Call; contact: Contact | null };
  /** A call of the user has ended. */
  log: LogRecord;
  /** A user who is followed is otherwise than before. */
  presence: { node: string; presence: Presence };
  /** This page has come to the front, or has left it. */
  front: { front: boolean };
};

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
  /**
   * Where the bundle is on another origin: a worker file of the page's own, which imports the
   * bundle's `cti-worker.mjs`; or `"blob:"`. Default: what the page's policy allows.
   */
  workerUrl?: string;
  /** Which tabs a call pops up in. Default: `"active"`, the one in front. */
  pop?: Pop;
}

/** A value of `data-cti-state`. `waiting`: clicked before a remembered session was connected. */
export type ClickState = "waiting" | Lowercase<CallEventName>;

/** What `connector.clickToCall(options)` takes. */
export interface ClickToCallOptions {
  /** Numbers inside it are dialled. Default: the document. */
  root?: Document | DocumentFragment | Element;
  /** Numbers in plain text become links, too. Default: false. */
  detect?: boolean;
  /** Words that are read out for a state, by its name in lower case; `{number}` stands for the number. */
  texts?: Partial<Record<ClickState, string>>;
}

/** How a promise rejects: `code` is stable, `message` says what happened, `hint` how to mend it. */
export interface CtiError extends Error {
  name: "CtiError";
  code: string;
  hint: string;
}

/** Follows and steers the calls of one account. */
export declare class Connector {
  /**
   * Where the other files are served, such as `/cti/`: for pages whose bundler has put this script
   * elsewhere. Set before the first connector is made.
   */
  static scriptUrl: string;

  /** @throws {CtiError} BAD_OPTIONS, INSECURE_URL */
  constructor(options: ConnectorOptions | ConnectorOptions["onMessage"]);

  /** Log in with e-mail address and password. */
  login(email: string, password: string): Promise<ReadyEvent | TwoFactorAuthEvent>;
  /** Log in with an API key, also in the form `user_id:api_key`. */
  login(apiKey: string): Promise<ReadyEvent>;
  twoFactorAuth(authCode: string | number, nonce: string): Promise<ReadyEvent>;
  logout(): Promise<LoggedOutEvent>;
  /** Ring the own phone, then the destination. */
  call(destination: string | number): Promise<CallEvent>;
  /** Answer that call, or the newest one that rings. */
  answer(callId?: string | number): Promise<CallEvent | InfoEvent>;
  terminate(callId: string | number): Promise<CallEvent | InfoEvent>;
  transfer(callId: string | number, destination: string | number): Promise<CallEvent | InfoEvent>;
  /** Hold Call (this and below: the name in CSTA, ECMA-269): the other side hears nothing. */
  hold(callId: string | number): Promise<CallEvent | InfoEvent>;
  /** Retrieve Call: take off hold. */
  resume(callId: string | number): Promise<CallEvent | InfoEvent>;
  /** Alternate Call: hold the connected call, resume this one. */
  alternate(callId: string | number): Promise<CallEvent | InfoEvent>;
  /** Generate Digits: keypad tones, 0-9 * # A-D; a comma is a pause. */
  sendDigits(callId: string | number, digits: string | number): Promise<InfoEvent | null>;
  /** Consultation Call: hold this call, ring the destination from the same phone. */
  consult(callId: string | number, destination: string | number): Promise<CallEvent | InfoEvent>;
  /** Transfer Call: connect the other sides of both calls, and leave. */
  completeTransfer(
    callId: string | number,
    consultedCallId: string | number,
  ): Promise<CallEvent | InfoEvent>;
  /** Deflect Call: send a ringing call on before it is answered. */
  deflect(callId: string | number, destination: string | number): Promise<CallEvent | InfoEvent>;
  /** Directed Pickup Call: take a followed colleague's ringing call to the own phone. */
  pickup(callId: string | number): Promise<CallEvent | InfoEvent>;
  /** Park Call; fulfils with the slot. */
  park(callId: string | number): Promise<string | InfoEvent>;
  /** Fetch the call that is parked in that slot: ring the own phone, then connect it. */
  unpark(slot: string | number): Promise<CallEvent | InfoEvent>;
  /** Set Do Not Disturb; fulfils with what it is now. */
  setDoNotDisturb(on: boolean): Promise<boolean | InfoEvent>;
  /** Snapshot Device: how a user is who is followed; `"unknown"` for every other node. */
  presence(node: string): Promise<Presence>;
  /**
   * The calls that have ended, the newest first: the server's records, also of calls that were
   * missed while no page was open, with the notes and contacts of the call log.
   */
  history(options?: {
    /** Epoch milliseconds. */
    since?: number;
    /** 1 to 1000; 100 by default. */
    limit?: number;
  }): Promise<LogRecord[] | InfoEvent>;
  subscribe(node: string): Promise<SubscribedEvent>;
  unsubscribe(node: string): Promise<InfoEvent | null>;
  /** Replace the notes on a call of the user, or read them; fulfils with what is kept. */
  note(callId: string | number, notes?: string): Promise<string>;
  apiRequest<Data = any>(
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    data?: object | null,
    onSuccess?: ((data: Data) => void) | null,
    onFailure?: ((error: CtiError) => void) | null,
  ): Promise<Data>;

  /**
   * Listen. Listeners come after `onMessage`, in the order in which they were added.
   *
   * @returns a function that ends it, as `off` does
   * @throws {CtiError} BAD_ARGUMENT for a name that there is not
   */
  on<Name extends keyof CtiEventMap>(
    name: Name,
    listener: (event: CtiEventMap[Name]) => void,
    options?: { signal?: AbortSignal },
  ): () => void;
  off<Name extends keyof CtiEventMap>(
    name: Name,
    listener: (event: CtiEventMap[Name]) => void,
  ): void;

  /** Who knows the names. Setting another one asks anew for every number. */
  get lookup(): Lookup | null;
  set lookup(lookup: Lookup | null | undefined);
  /** Which tabs a call pops up in. */
  pop: Pop;
  /** Whether this page is the one in front of the user. */
  readonly front: boolean;
  readonly status: Status;
  /** What the server offers, a copy; empty while nobody is logged in. */
  readonly features: Set<Feature>;
  /** Copies of the running calls, as every followed node sees them. */
  readonly calls: Call[];

  isConnected(): boolean;
  getSubscriptionURIs(): string[];
  /** Make the numbers of the page call on click and Enter. */
  clickToCall(options?: ClickToCallOptions): { disable: () => void };
  /** Let go of everything that this page holds. */
  destroy(): void;

  /** Kept for pages written after a published example. */
  _getParam(name: "user_id" | "sip_username" | "sip_domain"): string | undefined;
  _getParam(name: string): string | undefined;
}

/** Each constant's value is its own name. */
export declare const EVENT: { readonly [Name in EventName]: Name };
export declare const CALL_STATUS: { readonly [Name in CallStatus]: Name };
export declare const DIRECTION: { readonly IN: "INBOUND"; readonly OUT: "OUTBOUND" };

/** Write to the console, with `Cti:` in front. */
export declare function log(value: unknown): void;

/** The global `Cti`, to which pages may add parts of their own. */
export interface CtiNamespace {
  Connector: typeof Connector;
  EVENT: typeof EVENT;
  CALL_STATUS: typeof CALL_STATUS;
  DIRECTION: typeof DIRECTION;
  log: typeof log;
}

declare const namespace: CtiNamespace;
export default namespace;

declare global {
  /** What the classic script adds to the page. */
  var Cti: CtiNamespace;
}
