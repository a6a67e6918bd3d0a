/** What is around every step: the header, the progress, and the place where the step is shown. */

import { painted, readableOn, seenOn } from "./colours.js";
import { h, icon } from "./elements.js";

export class Frame {
  root = h(".root", { part: "widget" });
  #header = h(".top", { part: "header" });
  #bar = h("i");
  #main = h(".main", { part: "body" });
  #live = h("p.sr", { role: "status" });

  constructor() {
    this.root.append(this.#header, h(".progress", { "aria-hidden": "true" }, this.#bar), this.#main,
      this.#live);
  }

  speak(language) {
    this.root.lang = language;
    this.root.dir = "ltr"; // as all languages that it speaks, whatever the website is written in
  }

  /** Say something to those who do not see the page; it is not shown. */
  announce(text) {
    this.#live.textContent = text;
  }

  /** Show the name of the location, and the way to what the client has booked. */
  entitle(name, words, showBookings) {
    this.#header.replaceChildren(
      h("span.place", { part: "location" }, name ?? ""),
      name === undefined ? "" : h("button.quiet", {
        type: "button", part: "link", "aria-label": words.myBookings, onclick: showBookings,
      }, icon("calendar"), h("span.words", {}, words.myBookings)));
  }

  /** Show a step; `back` is the button that leads back, or nothing. */
  show({ heading, back, content, progress }) {
    this.#bar.style.width = `${progress}%`;
    this.#main.replaceChildren(h(".head", {}, back, heading), content);
  }

  find(selector) {
    return this.#main.querySelector(selector);
  }

  /** Paint it dark or light, in the accent of the location and what the website says to it. */
  paint(dark, accentOfLocation) {
    const { style } = this.root;
    this.root.dataset.scheme = dark ? "dark" : "light";
    if (accentOfLocation) style.setProperty("--of-accent", accentOfLocation);
    const [accent, label, surface, text] = ["accent", "label", "surface", "text"].map((name) => {
      // What a variable comes to is only known of an element that has it for its colour.
      this.#live.style.color = `var(--${name})`;
      return painted(getComputedStyle(this.#live).color);
    });
    this.#live.style.color = "";
    style.setProperty("--on-accent", readableOn(accent));
    style.setProperty("--on-label", readableOn(label));
    style.setProperty("--ink", seenOn(surface, accent, text, 5));
    style.setProperty("--edge", seenOn(surface, accent, text, 1.7));
  }
}
