/**
 * `<cti-dialer>`: a ready-made telephone for a page.
 *
 * @import {Connector} from "../cti-connector.d.ts"
 * @import {CtiError} from "../common/errors.js"
 * @import {State} from "./state.js"
 */

import { Alerts } from "./alerts.js";
import { isTalking } from "./calls.js";
import { Commands } from "./commands.js";
import { Frame } from "./frame.js";
import { findCti, languagesOf, pageParsed } from "./host.js";
import { Link } from "./link.js";
import { Memory } from "./memory.js";
import { settingsOf } from "./preferences.js";
import { Store } from "./store.js";
import { sheet } from "./styles.js";
import { loadWords } from "./words.js";

const OPTIONS = /** @type {const} */ ({
  "api-endpoint": "apiEndpoint",
  "sip-server": "sipServer",
  "default-country": "defaultCountry",
  persist: "persist",
  load: "load",
  "worker-url": "workerUrl",
});
const SECOND = 1000;

export class CtiDialer extends HTMLElement {
  static observedAttributes = ["lang", "placement", "open", "ring", "ring-icon", "recents", "calls"];
  /** The address of the bundle's other files. The entry script sets it, or a page that bundles it. */
  static scriptUrl = location.href;

  #root = this.attachShadow({ mode: "open" });
  #store = new Store((_, before) => this.#onChange(before));
  #commands = new Commands(() => this.#link, this.#store, () => this.#alerts.listen());
  #alerts = new Alerts(() => this.#frame?.show(true));
  #memory = new Memory(this.#store);
  /** @type {Connector | null} the page's connector */
  #given = null;
  /** @type {Connector | null} */
  #own = null;
  /** @type {Link | null} */
  #link = null;
  /** @type {Frame | null} */
  #frame = null;
  /** The state that is shown. A change during rendering is rendered next. @type {State | null} */
  #shown = null;
  #rendering = false;
  #builds = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #clock;
  /** Ends when the element is removed. */
  #stop = new AbortController();
  #watch = new MutationObserver(() => void this.#build());

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [sheet()];
  }

  /** The connector that the dialer uses: the page's or its own. */
  get connector() {
    return this.#link?.connector ?? this.#given;
  }

  /** @param {Connector | null} connector of the page; the dialer does not destroy it */
  set connector(connector) {
    if (connector === this.#given) return;
    this.#given = connector;
    if (!this.isConnected) return;
    this.#release();
    void this.#attach();
  }

  /** Whether the panel in the corner is open. */
  get open() {
    return this.hasAttribute("open");
  }

  set open(open) {
    this.toggleAttribute("open", open);
  }

  /** Whether the ring tone plays in this tab now. */
  get ringing() {
    return this.#alerts.audible;
  }

  /**
   * Show a number, ready to be called.
   *
   * @param {string | number} number
   */
  dial(number) {
    this.open = true;
    this.#frame?.phone.fill(String(number));
  }

  /** @override */
  focus() {
    this.#frame?.first.focus();
  }

  connectedCallback() {
    this.#upgrade();
    // The element was moved within the page, so nothing was released.
    if (this.#link) return;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.#memory.open(signal);
    this.#memory.keepRecents(this.getAttribute("recents"));
    this.#alerts.watch(() => this.#alert(), signal);
    this.#watch.observe(document.documentElement, { attributeFilter: ["lang"] });
    void this.#build();
    void this.#attach();
  }

  /** Apply properties that the page has set before the script was loaded. */
  #upgrade() {
    for (const name of /** @type {const} */ (["connector", "open"])) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      Reflect.set(this, name, value);
    }
  }

  /** `moveBefore()` calls this instead, so nothing is released, either. */
  connectedMoveCallback() {}

  disconnectedCallback() {
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#watch.disconnect();
      this.#stop.abort();
      this.#memory.close();
      this.#release();
      this.#alerts.close();
    });
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} now
   */
  attributeChangedCallback(name, before, now) {
    if (name === "open") {
      if ((before === null) !== (now === null)) this.#onOpen();
    } else if (this.isConnected && before !== now) {
      if (name === "recents") this.#memory.keepRecents(now);
      if (name.startsWith("ring")) this.#alert();
      else void this.#build();
    }
  }

  /** Build the user interface, in the language of the surrounding page. */
  async #build() {
    const build = ++this.#builds;
    // An element that was on the page before the script is built while the script runs. A script that
    // imports this one has not set `scriptUrl` yet.
    await null;
    const { lang } = this.#store.state;
    const wanted = [...(lang ? [lang] : []), ...languagesOf(this)];
    const words = await loadWords(wanted, placeOf(CtiDialer.scriptUrl));
    // Another language was requested in the meantime.
    if (build !== this.#builds) return;
    this.#alerts.words = words;
    const shape = {
      corner: this.getAttribute("placement") === "corner",
      recents: this.getAttribute("recents") !== "off",
      cards: this.getAttribute("calls") !== "badge",
    };
    const focus = (/** @type {HTMLElement} */ element) => {
      if (this.#root.activeElement) element.focus();
    };
    const ui = { words, store: this.#store, commands: this.#commands, focus };
    this.#frame = new Frame(ui, shape);
    this.#shown = this.#store.state;
    this.#frame.render(this.#shown, this.#shown);
    const chose = this.#root.activeElement?.matches(".settings select");
    this.#root.replaceChildren(this.#frame.element);
    if (chose) this.#frame.settings.lang.focus();
  }

  async #attach() {
    try {
      const connector = this.#given ?? (await this.#makeOwn());
      if (!connector || this.#link || !this.isConnected) return;
      this.#link = new Link(connector, this.#store);
      // Not `Event`, because MooTools replaces it.
      this.dispatchEvent(new CustomEvent("connector"));
    } catch (error) {
      console.error(error);
      const { code = "WORKER_FAILED", message } = /** @type {CtiError} */ (error);
      this.#store.set({ notice: { code, message } });
    }
  }

  /** @returns {Promise<Connector | null>} null if it is not needed any more */
  async #makeOwn() {
    await pageParsed();
    if (this.#given ?? this.#own) return this.#given ?? this.#own;
    const { Connector } = await findCti(placeOf(CtiDialer.scriptUrl));
    if (this.#given || this.#own || !this.isConnected) return this.#given ?? this.#own;
    const given = Object.entries(OPTIONS)
      .map(([attribute, option]) => [option, this.getAttribute(attribute)])
      .filter(([, value]) => value !== null);
    const options = { onMessage() {}, ...Object.fromEntries(given) };
    this.#own = new Connector(options);
    if (this.hasAttribute("click-to-call")) this.#own.clickToCall();
    return this.#own;
  }

  #release() {
    this.#link?.release();
    this.#link = null;
    this.#own?.destroy();
    this.#own = null;
    const { state } = this.#store;
    const { open, tone, byKey } = state;
    this.#store.dispatch({ type: "reset", keep: { open, tone, byKey, ...settingsOf(state) } });
  }

  #onOpen() {
    const { open } = this;
    this.#store.set({ open });
    this.dispatchEvent(new CustomEvent("toggle"));
  }

  /** @param {State} before */
  #onChange(before) {
    const { state } = this.#store;
    this.#memory.follow(state, before);
    if (state.lang !== before.lang) void this.#build();
    if (state.open !== this.open) this.open = state.open;
    this.#alert();
    this.#updateClock(state);
    this.#render();
  }

  #render() {
    if (this.#rendering || !this.#frame) return;
    this.#rendering = true;
    const focused = this.#root.activeElement;
    const key = focused ? this.#frame.calls.keyAround(focused) : undefined;
    while (this.#shown !== this.#store.state) {
      const before = this.#shown ?? this.#store.state;
      this.#shown = this.#store.state;
      this.#frame.render(this.#shown, before);
    }
    this.#rendering = false;
    this.#keepFocus(focused, key);
  }

  /**
   * Move the focus to the next control if the focused one is gone.
   *
   * @param {Element | null} focused
   * @param {string} [key] the key of the call whose card had the focus
   */
  #keepFocus(focused, key) {
    if (!focused || (focused.isConnected && !focused.closest("[hidden]"))) return;
    const now = this.#root.activeElement;
    if (now && now !== focused && !now.closest("[hidden]")) return;
    (this.#frame?.calls.first(key) ?? this.#frame?.first)?.focus();
  }

  #alert() {
    const icon = this.getAttribute("ring-icon") ?? "";
    this.#alerts.render(this.#store.state, this.getAttribute("ring") !== "off", icon);
  }

  /** @param {State} state */
  #updateClock({ calls }) {
    const wanted = calls.some(isTalking);
    if (wanted && this.#clock === undefined) {
      this.#clock = setInterval(() => this.#frame?.calls.tick(), SECOND);
    } else if (!wanted) {
      clearInterval(this.#clock);
      this.#clock = undefined;
    }
  }
}

/**
 * @param {string} scriptUrl can be relative: `/cti/`
 * @returns {string} the absolute address
 */
function placeOf(scriptUrl) {
  return new URL(scriptUrl, document.baseURI).href;
}
