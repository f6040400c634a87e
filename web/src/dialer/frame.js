/**
 * The whole dialer: the button in the corner, the panel, and the panel's content.
 *
 * @import {State} from "./state.js"
 * @import {Ui} from "./ui.js"
 */

import { Announcements, isLost } from "./announcements.js";
import { isIncoming } from "./calls.js";
import { CallsView } from "./calls-view.js";
import { button, h, onClick, setAttribute, setBusy, setText } from "./dom.js";
import { wordsFor } from "./failures.js";
import { newId } from "./field.js";
import { countUnseen } from "./history.js";
import { offers } from "./features.js";
import { icon } from "./icons.js";
import { isRestoring, LoginView } from "./login-view.js";
import { PhoneView } from "./phone-view.js";
import { SettingsView } from "./settings-view.js";

/**
 * @typedef Shape the values of the attributes
 * @property {boolean} corner
 * @property {boolean} recents
 * @property {boolean} cards show calls above the button while the panel is closed
 */

export class Frame {
  #ui;
  #shape;
  #announcements;
  #launcher;
  #badge = h("span", { class: "badge", "aria-hidden": "true" });
  #panel;
  #state = h("span", { class: "pill", part: "status" });
  #noticeText = h("p", { class: "notice-text" });
  #notice = h("div", { class: "notice", part: "notice" }, this.#noticeText);
  #dismiss;
  #progress;
  #hide;
  #tone;
  #dnd;
  #gear;
  #user = h("span", { class: "user" });
  #footer;
  login;
  calls;
  phone;
  settings;

  /**
   * @param {Ui} ui
   * @param {Shape} shape
   */
  constructor(ui, shape) {
    this.#ui = ui;
    this.#shape = shape;
    const { words, store, commands } = ui;
    const say = words.say.bind(words);
    this.#announcements = new Announcements(words);
    this.login = new LoginView(ui);
    this.calls = new CallsView(ui);
    this.phone = new PhoneView(ui, shape.recents);

    const id = newId();
    this.#launcher = button(
      { class: "launcher", part: "launcher", "aria-controls": id, "aria-expanded": "false" },
      icon("phone"),
      this.#badge,
    );
    onClick(this.#launcher, () => this.show(true));
    this.#dismiss = iconButton("close", say("dismiss"), () => store.set({ notice: null }));
    this.#notice.append(this.#dismiss);
    const close = iconButton("close", say("closeTitle"), () => this.show(false));
    close.hidden = !shape.corner;
    this.#hide = iconButton("close", say("hide"), () => {
      store.set({ hidden: true });
      this.#launcher.focus();
    });
    this.#hide.classList.add("hide");
    this.#tone = iconButton("bell", say("ringOn"), () => store.set({ tone: !store.state.tone }));
    this.#tone.append(icon("silent"));
    this.#dnd = iconButton("dnd", say("doNotDisturb"), () => commands.doNotDisturb(!store.state.dnd));
    this.settings = new SettingsView(ui);
    this.#gear = iconButton("gear", say("settings"), () => {
      const settings = !store.state.settings;
      store.set({ settings });
      if (settings) this.settings.first.focus();
    });
    this.#gear.setAttribute("aria-controls", this.settings.element.id);
    this.settings.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      store.set({ settings: false });
      this.#gear.focus();
    });
    const leave = button({ class: "button quiet small", part: "button" }, say("logOut"));
    onClick(leave, () => commands.logOut());

    this.#progress = h("p", { class: "progress muted" });
    this.#footer = h(
      "div",
      { class: "footer", part: "footer" },
      this.#user,
      h("div", { class: "footer-end" }, this.#dnd, this.#tone, this.#gear, leave),
    );
    this.#panel = h(
      "section",
      { class: "panel", part: "panel", id, tabindex: "-1" },
      h(
        "div",
        { class: "header", part: "header" },
        h("span", { class: "title" }, say("title")),
        this.#state,
        close,
      ),
      h(
        "div",
        { class: "body" },
        this.#notice,
        this.#hide,
        this.calls.element,
        this.#progress,
        this.login.element,
        this.settings.element,
        this.phone.element,
      ),
      this.#footer,
    );
    this.#panel.ariaLabel = say("title");
    this.#panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && shape.corner && store.state.open) this.show(false);
    });
    const shown = shape.corner ? "dialer corner" : "dialer";
    this.element = h(
      "div",
      // Detection must not make links of the numbers in the dialer.
      { class: shown, part: "dialer", lang: words.lang, "data-cti-ignore": "" },
      ...this.#announcements.elements,
      this.#launcher,
      this.#panel,
    );
  }

  /** @returns {HTMLElement} the control that gets the focus if the focused one is gone */
  get first() {
    const { open, usable } = this.#ui.store.state;
    if (this.#panel.hidden) return this.#launcher;
    if (this.#shape.corner && !open) return this.calls.first() ?? this.#launcher;
    if (usable) return this.calls.first() ?? this.phone.first;
    return this.login.element.hidden ? this.#panel : this.login.first;
  }

  /**
   * Open or close the panel for the user, and move the focus with it.
   *
   * @param {boolean} open
   */
  show(open) {
    if (open === this.#ui.store.state.open) return;
    this.#ui.store.set({ open, hidden: !open });
    (open ? this.first : this.#launcher).focus();
  }

  /**
   * @param {State} state
   * @param {State} before
   */
  render(state, before) {
    const { words } = this.#ui;
    const { usable, calls, notice, tone } = state;
    const peek = this.#shape.corner && !state.open;
    this.#launcher.hidden = !peek;
    const news = calls.length > 0 || state.outcome?.answered === false;
    this.#panel.hidden = peek && (!news || state.hidden || !this.#shape.cards);
    this.#panel.classList.toggle("peek", peek);
    setAttribute(this.#panel, "role", this.#shape.corner && state.open && "dialog");

    const key = statusKey(state);
    setText(this.#state, words.say(key));
    this.#state.dataset.state = key;
    this.#launcher.dataset.state = calls.some(isIncoming) ? "incoming" : key;
    const unseen = this.#shape.recents ? countUnseen(state.recents, state.seen) : 0;
    setText(this.#badge, calls.length + unseen > 0 ? String(calls.length || unseen) : "");
    this.#badge.classList.toggle("missed", calls.length === 0);
    const label = [words.say("openTitle"), words.say(key)];
    if (calls.length > 0) label.push(words.say("sayCalls", { count: calls.length }));
    else if (unseen > 0) label.push(words.say("unseenMissed", { count: unseen }));
    setAttribute(this.#launcher, "aria-label", label.join(", "));

    const lost = isLost(state) ? words.say("lostHint") : "";
    const failure = notice ?? state.failures.dnd;
    const text = failure ? wordsFor(words, failure) : lost;
    setText(this.#noticeText, text);
    this.#dismiss.hidden = !notice;
    this.#notice.hidden = text === "";
    this.#notice.classList.toggle("mild", !notice);
    setText(this.#progress, words.say(state.linked ? "restoring" : "starting"));
    this.#progress.hidden = state.linked ? !isRestoring(state) : notice !== null;
    this.#footer.hidden = !usable;
    const user = state.colleagues.find(({ id }) => id === state.userId);
    setText(this.#user, user ? `${user.name} · ${user.extension}` : "");
    setAttribute(this.#tone, "aria-pressed", String(tone));
    this.#dnd.hidden = !offers(state, "dnd");
    setAttribute(this.#dnd, "aria-pressed", String(state.dnd));
    setBusy(this.#dnd, state.pending.includes("dnd"));
    setAttribute(this.#gear, "aria-expanded", String(state.settings));
    this.settings.render(state);

    this.calls.render(state, before);
    this.login.render(state, before);
    this.phone.render(state, before);
    this.#announcements.render(state, before);
  }
}

/** @param {State} state */
function statusKey(state) {
  const { status, usable, linked, notice } = state;
  if (isLost(state)) return "lost";
  if (usable) return state.dnd && offers(state, "dnd") ? "doNotDisturb" : "ready";
  if (!linked) return notice ? "loggedOut" : "starting";
  return status === "connecting" ? "connecting" : status === "starting" ? "starting" : "loggedOut";
}

/**
 * @param {string} name
 * @param {string} label
 * @param {() => void} action
 */
function iconButton(name, label, action) {
  const made = button({ class: "icon-button", part: "icon-button" }, icon(name));
  made.ariaLabel = label;
  onClick(made, action);
  return made;
}
