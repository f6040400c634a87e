/**
 * The desktop notification of a call that rings while the user looks at something else. Only the tab in
 * front shows it, which is the one that rings, so there is one for all tabs. Some browsers have no
 * notifications, or allow them only to service workers.
 */

/** @typedef {"on" | "off" | "blocked" | "missing"} Permission */

export class Notifications {
  /** @type {Notification | null} */
  #shown = null;
  #key = "";
  #onClick;

  /** @param {() => void} onClick the tab has been brought forward */
  constructor(onClick) {
    this.#onClick = onClick;
  }

  /**
   * @param {string} key of the call that rings, `""` for none
   * @param {string} text
   */
  show(key, text) {
    if (key === this.#key) return;
    this.close();
    if (!key || permission() !== "on" || document.hasFocus()) return;
    this.#key = key;
    try {
      this.#shown = new Notification(text, { tag: `cti-call-${key}`, requireInteraction: true });
    } catch {
      // Chrome on Android has the class, but not the constructor.
      return;
    }
    this.#shown.onclick = () => {
      globalThis.focus();
      // The key stays: until the window has the focus, the call must not be shown again.
      this.#shown?.close();
      this.#shown = null;
      this.#onClick();
    };
  }

  close() {
    this.#shown?.close();
    this.#shown = null;
    this.#key = "";
  }
}

/** @returns {Permission} what the browser says */
export function permission() {
  if (typeof Notification !== "function" || !isSecureContext) return "missing";
  const { permission: answer } = Notification;
  return answer === "granted" ? "on" : answer === "denied" ? "blocked" : "off";
}

/**
 * Ask the user. To be called after a click only.
 *
 * @returns {Promise<Permission>}
 */
export async function askPermission() {
  if (permission() === "off") await Notification.requestPermission();
  return permission();
}
