/**
 * Texts for screen readers: a live region.
 */

/** Visually hidden. Set through the CSSOM, which every Content-Security-Policy allows. */
const HIDDEN = {
  position: "absolute",
  width: "1px",
  height: "1px",
  margin: "-1px",
  overflow: "hidden",
  clipPath: "inset(50%)",
  whiteSpace: "nowrap",
};

/** A polite live region. */
export class Announcer {
  /** @type {HTMLElement | null} */
  #region = null;
  #document;

  /** @param {Document} document */
  constructor(document) {
    this.#document = document;
    // Added early: screen readers often ignore a region that appears together with its text.
    if (document.body) this.#make();
  }

  /** @param {string} text */
  say(text) {
    // The page may have replaced its whole content.
    if (!this.#region?.isConnected) this.#make();
    if (this.#region) this.#region.textContent = text;
  }

  remove() {
    this.#region?.remove();
    this.#region = null;
  }

  #make() {
    this.#region ??= this.#document.createElement("div");
    this.#region.setAttribute("role", "status");
    this.#region.setAttribute("aria-live", "polite");
    this.#region.setAttribute("data-cti-ignore", "");
    Object.assign(this.#region.style, HIDDEN);
    this.#document.body.append(this.#region);
  }
}
