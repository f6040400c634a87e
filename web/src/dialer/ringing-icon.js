/**
 * The icon of the tab while a call rings. The page names it, because the page's policy must allow it
 * (`img-src`).
 */

export class RingingIcon {
  /** @type {HTMLLinkElement | null} */
  #link = null;
  /** @type {Element[]} the page's own icons, while the call's icon is shown */
  #hidden = [];

  /** @param {string} url `""` shows the page's icon again */
  show(url) {
    if (url === (this.#link?.getAttribute("href") ?? "")) return;
    if (this.#link) {
      this.#link.remove();
      this.#link = null;
      document.head.append(...this.#hidden.splice(0));
    }
    if (!url) return;
    // Browsers differ in which of several icons they show, so there is only one.
    this.#hidden = [...document.querySelectorAll('link[rel~="icon"]')];
    for (const icon of this.#hidden) icon.remove();
    this.#link = document.createElement("link");
    this.#link.rel = "icon";
    this.#link.href = url;
    document.head.append(this.#link);
  }
}
