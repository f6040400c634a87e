/**
 * What every page of the benchmark includes first. README.md in this folder describes it.
 */

"use strict";

const SERVER = new URL(document.currentScript.src);
/** Milliseconds. */
const BEAT = 10;
const LONG = 50;

window.bench = new (class Bench {
  email = "anna@example.com";
  password = "demo";
  apiEndpoint = `${SERVER.origin}/v1.2/voipstudio`;
  sipServer = `${SERVER.protocol.replace("http", "ws")}//${SERVER.host}/sip`;
  /** Whether this page belongs to a visitor who has logged in before. */
  again = new URLSearchParams(location.search).has("again");
  /** Set by a page that can follow other nodes: `(node) => Promise`, such as "user:20001". */
  subscribe = null;

  #count = 0;
  #target = 0;
  #reached = () => {};
  #whenReached = Promise.resolve(null);
  #ready = () => {};
  #isReady = new Promise((resolve) => (this.#ready = resolve));
  /** What is done with each event, apart from counting it. */
  #look = null;

  /** The page is logged in and its SUBSCRIBE for the user's own calls was accepted. */
  ready() {
    this.#ready(performance.now());
  }

  /** A call event. */
  tell(event) {
    this.#count += 1;
    this.#look?.(event);
    if (this.#count === this.#target) this.#reached(performance.timeOrigin + performance.now());
  }

  // For the benchmark alone

  /** Milliseconds from the navigation to READY. */
  whenReady() {
    return this.#isReady;
  }

  /** So many more events will come. */
  expect(more) {
    this.#target = this.#count + more;
    this.#whenReached = new Promise((resolve) => (this.#reached = resolve));
  }

  /** When the last of them was told, in epoch milliseconds; null where it does not come in time. */
  whenReached(limit) {
    const late = new Promise((resolve) => setTimeout(resolve, limit, null));
    return Promise.race([this.#whenReached, late]);
  }

  /** Follow these users, one after the other. */
  async follow(users) {
    for (const user of users) await bench.subscribe(`user:${user}`);
  }

  get missing() {
    return this.#target - this.#count;
  }

  /** Keep each event. */
  record() {
    const events = (this.events = []);
    this.#look = (event) => events.push(event);
  }

  /** Keep how long each event took from the server, whose name for the caller says when it left. */
  time() {
    const delays = (this.delays = []);
    this.#look = (event) => {
      const now = performance.timeOrigin + performance.now();
      const words = typeof event === "string" ? event : event.call.sourceName;
      delays.push(now - Number(/at (\d+\.\d+)/.exec(words)[1]));
    };
  }

  ignore() {
    this.#look = null;
  }

  /** How far this page's fine clock is ahead of the machine's, which ticks in milliseconds. */
  skew() {
    const found = [];
    for (let round = 0; round < 20; round += 1) {
      const before = Date.now();
      while (Date.now() === before);
      found.push(performance.timeOrigin + performance.now() - Date.now());
    }
    return Math.min(...found);
  }

  // What the page's thread suffers, from the load until `rest`

  #long = 0;
  #late = 0;
  #due = performance.now() + BEAT;
  #observer = new PerformanceObserver((list) => this.#addLong(list.getEntries()));
  #timer = setInterval(() => this.#beat(), BEAT);

  constructor() {
    this.#observer.observe({ type: "longtask", buffered: true });
  }

  #addLong(entries) {
    for (const { duration } of entries) this.#long += duration;
  }

  #beat() {
    const now = performance.now();
    if (now - this.#due > LONG) this.#late += now - this.#due;
    this.#due = now + BEAT;
  }

  /**
   * Milliseconds of tasks that the browser calls long; it does not see all that runs in
   * microtasks, so beside it for how long a timer had to wait for more than 50 ms.
   */
  suffered() {
    this.#addLong(this.#observer.takeRecords());
    this.#beat();
    return { long_tasks: this.#long, late: this.#late };
  }

  rest() {
    this.#observer.disconnect();
    clearInterval(this.#timer);
  }
})();
