/**
 * <punchcard-booking location="…" key="pk_widget_…" lang="en|de|es" theme="auto|light|dark">
 *
 * Booking at one location, pasted into any website with one script tag; docs/widget.md says how.
 * Here is the element, as the browser knows it; widget.js is what goes on within.
 */

import { Frame } from "./frame.js";
import { sheet } from "./style.js";
import { Widget } from "./widget.js";

class PunchcardBooking extends HTMLElement {
  static observedAttributes = ["location", "key", "lang", "theme", "api"];

  #dark = matchMedia("(prefers-color-scheme: dark)");
  #starting = false;
  #widget;

  constructor() {
    super();
    const frame = new Frame();
    const shadow = this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [sheet];
    shadow.append(frame.root);
    this.#widget = new Widget(this, frame, this.#dark);
  }

  connectedCallback() {
    this.#dark.addEventListener("change", this.#paint);
    this.#restart();
  }

  disconnectedCallback() {
    this.#dark.removeEventListener("change", this.#paint);
    this.#widget.leave();
  }

  attributeChangedCallback(name, before, now) {
    if (!this.isConnected || before === now) return;
    if (name === "theme") this.#paint();
    else this.#restart();
  }

  #paint = () => this.#widget.paint();

  /** Begin once, however many attributes are set in a row. */
  #restart() {
    if (this.#starting) return;
    this.#starting = true;
    queueMicrotask(() => {
      this.#starting = false;
      if (this.isConnected) this.#widget.begin();
    });
  }
}

// A page may have the script twice, of two versions even: the first one defines the element.
if (!customElements.get("punchcard-booking")) {
  customElements.define("punchcard-booking", PunchcardBooking);
}
