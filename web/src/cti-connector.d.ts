/**
 * The types of the public interface: the global `Cti`, and the exports of `cti-connector.mjs`.
 *
 * Written by hand and shipped unchanged. `web/types-test` checks the scripts against it.
 */

export type CallStatus =
  | "INITIAL"
  | "ACCEPTED"
  | "RINGING"
  | "CONNECTED"
  | "ON_HOLD"
  | "HANGUP";

export type CallDirection = "INBOUND" | "OUTBOUND";

/** The state of a call, as one node sees it. Times are epoch milliseconds. */
export interface Call {
  /** The id for `answer`, `terminate`, `transfer`, `note` and the other commands. */
  id: string;
  cid: string;
  /** The cause of CANCEL and HANGUP, otherwise `""`. */
  cause: string;
  destination: string;
  destinationName: string;
  source: string;
  sourceName: string;
  direction: CallDirection;
  status: CallStatus;
  /** The node that reports the call: `user:10002`, `queue:77`. */
  node: string;
  /** The id of INITIAL; `""` for calls that this connector did not start. */
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
  /** For ERROR, INFO and an unrequested LOGGED_OUT: a stable code for programs. */
  code?: string;
  /** How to fix it, if known. */
  hint?: string;
}

export interface LoggedInEvent extends Activity<"LOGGED_IN"> {}
export interface ReadyEvent extends Activity<"READY"> {}
export interface TwoFactorAuthEvent extends Activity<"TWO_FACTOR_AUTH"> {
  /** The nonce for `twoFactorAuth`. */
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

/** An event of the session or of a command. */
export type ActivityEvent =
  | LoggedInEvent
  | ReadyEvent
  | TwoFactorAuthEvent
  | LoggedOutEvent
  | SubscribedEvent
  | InfoEvent
  | CtiErrorEvent;

/** The state, or CANCEL at the end of an outbound call that could not be connected. */
export type CallEventName = CallStatus | "CANCEL";

/** A call has reached a new state. */
export interface CallEvent<Name extends CallEventName = CallEventName> {
  name: Name;
  call: Call & { status: Name extends CallStatus ? Name : "HANGUP" };
  /** This event repeats the latest event of the call after READY. */
  replay?: true;
}

/** The events that `onMessage` receives. */
export type CtiEvent = ActivityEvent | { [Name in CallEventName]: CallEvent<Name> }[CallEventName];

export type EventName = CtiEvent["name"];

/** The owner of a number. All properties must be JSON values. */
export interface Contact {
  name: string;
  company?: string;
  url?: string;
  [more: string]: unknown;
}

/** Called once per number. Return `null` for an unknown number. */
export type Lookup = (
  number: string,
  call: Call,
) => Contact | null | undefined | Promise<Contact | null | undefined>;

/** The outcome of a call of the user. */
export type Outcome =
  | "answered"
  | "missed"
  | "no-answer"
  | "busy"
  | "rejected"
  | "cancelled"
  | "failed";

/** An ended call of the user. A record replaces an older one with the same `key`. */
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
  /** Epoch milliseconds, `null` if unknown. */
  startTime: number | null;
  answerTime: number | null;
  endTime: number | null;
  /** Seconds talked: 0 for an unanswered call, `null` if unknown. */
  duration: number | null;
  outcome: Outcome;
  cause: string;
  notes: string;
}

/** The presence of a followed user. */
export type Presence =
  | "free"
  | "ringing"
  | "talking"
  | "on-hold"
  | "do-not-disturb"
  | "offline"
  | "unknown";

/**
 * The services that a server can offer: `hold` includes `resume` and `alternate`, `digits` is `sendDigits`,
 * `consult` includes `completeTransfer`, `park` includes `unpark`, `dnd` is `setDoNotDisturb`.
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

/** The status of the connector. */
export type Status = "stopped" | "starting" | "logged-out" | "connecting" | "ready";

/** The reason why the connector is not ready. It retries automatically. */
export interface Problem {
  code: string;
  message: string;
  hint: string;
}

/** The tabs in which a call pops up. */
export type Pop = "active" | "all" | "none";

/** The argument of a listener, by name. */
export type CtiEventMap = {
  [Name in EventName]: Extract<CtiEvent, { name: Name }>;
} & {
  /** Every event. */
  event: CtiEvent;
  /** The connection, the followed nodes or the running calls have changed. */
  state: { status: Status };
  /** The status or its problem has changed. */
  status: { status: Status; problem: Problem | null };
  /** A lookup has returned a contact. */
  contact: { call: Call; contact: Contact };
  /** A call for the user rings. */
  pop: { call: Call; contact: Contact | null };
  /** A call of the user has ended. */
  log: LogRecord;
  /** The presence of a followed user has changed. */
  presence: { node: string; presence: Presence };
  /** This page has come to the front, or has left it. */
  front: { front: boolean };
};

export type Persist = "local" | "session" | "none";
export type Load = "eager" | "idle" | "interaction";

/** The options of `new Cti.Connector(options)`. */
export interface ConnectorOptions {
  onMessage: (event: CtiEvent) => void;
  /** Base URL of the REST API: http(s), or a path on the page's own origin. */
  apiEndpoint?: string;
  /** WebSocket URL of the SIP server: ws(s), or a path on the page's own origin; or several. */
  sipServer?: string | string[];
  /** ISO 3166 code of the country of national numbers. */
  defaultCountry?: string;
  /** Where the API token is stored. Default: `"local"`. */
  persist?: Persist;
  /** When the runtime is loaded. Default: `"eager"`. */
  load?: Load;
  /** One connection for all tabs of the origin. Default: true if the browser supports it. */
  shared?: boolean;
  /**
   * For a bundle on another origin: the page's own worker file, which imports the
   * bundle's `cti-worker.mjs`; or `"blob:"`. Default: what the page's policy allows.
   */
  workerUrl?: string;
  /** Which tabs a call pops up in. Default: `"active"`, the one in front. */
  pop?: Pop;
}

/** A value of `data-cti-state`. `waiting`: clicked before a remembered session was connected. */
export type ClickState = "waiting" | Lowercase<CallEventName>;

/** The options of `connector.clickToCall(options)`. */
export interface ClickToCallOptions {
  /** The numbers inside this node can be clicked. Default: the document. */
  root?: Document | DocumentFragment | Element;
  /** Numbers in plain text become links, too. Default: false. */
  detect?: boolean;
  /** The texts for screen readers, by state in lower case. `{number}` is replaced by the number. */
  texts?: Partial<Record<ClickState, string>>;
}

/** The error of a rejected promise: `code` is stable, `message` says what happened, `hint` how to fix it. */
export interface CtiError extends Error {
  name: "CtiError";
  code: string;
  hint: string;
}

/** Follows and controls the calls of one account. */
export declare class Connector {
  /**
   * The address of the other files, such as `/cti/`, if a bundler has moved this script. Set it before
   * you create a connector.
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
  /** Answer a ringing call, by default the newest. */
  answer(callId?: string | number): Promise<CallEvent | InfoEvent>;
  terminate(callId: string | number): Promise<CallEvent | InfoEvent>;
  transfer(callId: string | number, destination: string | number): Promise<CallEvent | InfoEvent>;
  /** Hold Call (this and below: the name in CSTA, ECMA-269): the other side hears nothing. */
  hold(callId: string | number): Promise<CallEvent | InfoEvent>;
  /** Retrieve Call: resume a call on hold. */
  resume(callId: string | number): Promise<CallEvent | InfoEvent>;
  /** Alternate Call: hold the connected call, resume this one. */
  alternate(callId: string | number): Promise<CallEvent | InfoEvent>;
  /** Generate Digits: keypad tones, 0-9 * # A-D; a comma is a pause. */
  sendDigits(callId: string | number, digits: string | number): Promise<InfoEvent | null>;
  /** Consultation Call: hold this call, call the destination from the same phone. */
  consult(callId: string | number, destination: string | number): Promise<CallEvent | InfoEvent>;
  /** Transfer Call: connect the other sides of both calls with each other. */
  completeTransfer(
    callId: string | number,
    consultedCallId: string | number,
  ): Promise<CallEvent | InfoEvent>;
  /** Deflect Call: send a ringing call to another destination. */
  deflect(callId: string | number, destination: string | number): Promise<CallEvent | InfoEvent>;
  /** Directed Pickup Call: answer a followed colleague's ringing call. */
  pickup(callId: string | number): Promise<CallEvent | InfoEvent>;
  /** Park Call; fulfils with the slot. */
  park(callId: string | number): Promise<string | InfoEvent>;
  /** Pick from park: ring the own phone, then connect the call in that slot. */
  unpark(slot: string | number): Promise<CallEvent | InfoEvent>;
  /** Set Do Not Disturb; fulfils with the new value. */
  setDoNotDisturb(on: boolean): Promise<boolean | InfoEvent>;
  /** Snapshot Device: the presence of a followed user; `"unknown"` for every other node. */
  presence(node: string): Promise<Presence>;
  /**
   * The ended calls, the newest first: the server's records, which include calls that were missed while
   * no page was open, with the notes and contacts of the call log.
   */
  history(options?: {
    /** Epoch milliseconds. */
    since?: number;
    /** 1 to 1000; 100 by default. */
    limit?: number;
  }): Promise<LogRecord[] | InfoEvent>;
  subscribe(node: string): Promise<SubscribedEvent>;
  unsubscribe(node: string): Promise<InfoEvent | null>;
  /** Replace the notes on a call of the user, or read them; fulfils with the present notes. */
  note(callId: string | number, notes?: string): Promise<string>;
  apiRequest<Data = any>(
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    data?: object | null,
    onSuccess?: ((data: Data) => void) | null,
    onFailure?: ((error: CtiError) => void) | null,
  ): Promise<Data>;

  /**
   * Add a listener. Listeners run after `onMessage`, in the order in which they were added.
   *
   * @returns a function that removes the listener, as `off` does
   * @throws {CtiError} BAD_ARGUMENT for an unknown name
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

  /** The function that returns names. Setting another one looks up every number again. */
  get lookup(): Lookup | null;
  set lookup(lookup: Lookup | null | undefined);
  /** The tabs in which a call pops up. */
  pop: Pop;
  /** Whether this page is the one in front of the user. */
  readonly front: boolean;
  readonly status: Status;
  /** The services of the server, a copy; empty while nobody is logged in. */
  readonly features: Set<Feature>;
  /** Copies of the running calls, as every followed node sees them. */
  readonly calls: Call[];

  isConnected(): boolean;
  getSubscriptionURIs(): string[];
  /** Call the numbers of the page on click and Enter. */
  clickToCall(options?: ClickToCallOptions): { disable: () => void };
  /** Release everything that this page holds. */
  destroy(): void;

  /** For pages that follow a published example. */
  _getParam(name: "user_id" | "sip_username" | "sip_domain"): string | undefined;
  _getParam(name: string): string | undefined;
}

/** Each constant's value is its own name. */
export declare const EVENT: { readonly [Name in EventName]: Name };
export declare const CALL_STATUS: { readonly [Name in CallStatus]: Name };
export declare const DIRECTION: { readonly IN: "INBOUND"; readonly OUT: "OUTBOUND" };

/** Write to the console, with `Cti:` in front. */
export declare function log(value: unknown): void;

/** The global `Cti`. Pages can add properties to it. */
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
  /** The global of the classic script. */
  var Cti: CtiNamespace;
}
