/** The title of the tab while a call rings. */

export class RingingTitle {
  /** The page's own title, while the call's title is shown. */
  #before = "";
  #shown = "";

  /** @param {string} text `""` shows the page's title again */
  show(text) {
    const title = text && `☎ ${text}`;
    if (title === this.#shown) return;
    // The page has changed its title in the meantime: that one is shown afterwards.
    if (!this.#shown || document.title !== this.#shown) this.#before = document.title;
    if (title) document.title = title;
    else if (document.title === this.#shown) document.title = this.#before;
    this.#shown = title;
  }
}
