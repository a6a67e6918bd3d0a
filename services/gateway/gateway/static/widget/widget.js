/**
 * One widget on a page, as its steps know it: where it is, who books, what is wished, and the way
 * from step to step.
 */

import { keep, recall } from "./client.js";
import { Edge, HOME } from "./edge.js";
import { h } from "./elements.js";
import { Formats } from "./formats.js";
import { round } from "./parts/controls.js";
import { Place } from "./place.js";
import { Stage } from "./stage.js";
import { PROGRESS, STEPS } from "./steps/all.js";
import { spoken } from "./words/languages.js";

const A_WHILE = 30_000; // what a step takes: a token that ends within it is as good as over

export class Widget {
  words;
  edge;
  /** The location and how things are written there, once it is known. */
  place = null;
  formats = null;
  /** The client who has confirmed the phone, with the token; null before. */
  who = null;
  wish = {};
  /** The phone that a code was sent to, and when. */
  sent = null;

  #element;
  #frame;
  #dark;
  #spoken;
  #trail = [];
  #turn = 0;
  #touched = false;

  constructor(element, frame, dark) {
    this.#element = element;
    this.#frame = frame;
    this.#dark = dark;
  }

  /** Begin, or begin anew, as the attributes of the element say. */
  begin() {
    const given = (name) => this.#element.getAttribute(name) ?? "";
    this.#spoken = spoken(given("lang"));
    this.words = this.#spoken.words;
    this.#frame.speak(this.#spoken.language);
    const base = (given("api") || HOME).replace(/\/+$/, "");
    this.edge = new Edge(base, given("location"), given("key"));
    this.place = null;
    this.formats = null;
    this.who = recall(this.#shelf);
    this.#touched = false;
    this.paint();
    this.home();
  }

  /** The element is taken off the page: answers that come now are for nobody. */
  leave() {
    this.#turn += 1;
  }

  /** Tell the website; of the client it learns nothing. */
  tell(what, detail = {}) {
    this.#element.dispatchEvent(
      new CustomEvent(`punchcard:${what}`, { detail, bubbles: true, composed: true }));
  }

  announce(text) {
    this.#frame.announce(text);
  }

  find(selector) {
    return this.#frame.find(selector);
  }

  /* Its looks */

  paint() {
    const theme = this.place?.location.widget_theme;
    const given = this.#element.getAttribute("theme");
    const mode = ["light", "dark", "auto"].includes(given) ? given : theme?.mode ?? "auto";
    this.#frame.paint(mode === "dark" || (mode === "auto" && this.#dark.matches), theme?.color);
  }

  #entitle() {
    this.#frame.entitle(this.place?.location.name, this.words, () => this.open("bookings"));
  }

  /* The location and the client */

  /** The location, which is asked for once. */
  async atPlace() {
    const { edge } = this;
    if (this.place) return this.place;
    const place = await Place.load(edge);
    if (edge !== this.edge) return place; // another location was set meanwhile
    this.place = place;
    this.formats = new Formats(place.location, this.#spoken.language, this.#spoken.dates);
    this.#entitle();
    this.paint();
    this.tell("ready", { location_id: place.location.location_id });
    return place;
  }

  get #shelf() {
    return `punchcard:${this.edge.base}:${this.edge.location}`;
  }

  /** Remember who has confirmed the phone; null signs out. */
  remember(who) {
    this.who = who;
    keep(this.#shelf, who);
  }

  /** The token has ended: sign out, and show the step again, which then asks for a code. */
  signedOutBy(failure) {
    if (failure.kind !== "unauthenticated" || !this.who) return false;
    this.remember(null);
    this.#show();
    return true;
  }

  /* From step to step: the trail has those that lead here, by name, with what they are given. */

  /** Show a step; `back` leads here again. */
  open(step, ...given) {
    this.#trail.push([step, given]);
    this.#show();
  }

  /** Show a step in the place of the present one. */
  instead(step, ...given) {
    this.#trail.pop();
    this.open(step, ...given);
  }

  /** Show a step from which `back` leads to these, whatever came before. */
  openAfter(steps, step, ...given) {
    this.retrace(steps);
    this.open(step, ...given);
  }

  /** Lay another trail to the present step, which is the last one of these. */
  retrace(steps) {
    this.#trail = steps.map((one) => [one, []]);
  }

  /** Let `back` lead past the present step, once another one is open. */
  skip() {
    this.#trail.pop();
  }

  back() {
    this.#trail.pop();
    this.#show();
  }

  /** Begin with nothing chosen. */
  home() {
    this.wish = {};
    this.openAfter([], "services");
  }

  get hasWayBack() {
    return this.#trail.length > 1;
  }

  #show() {
    const present = this.#trail.at(-1);
    if (!present) return;
    const [step, given] = present;
    STEPS[step](this, ...given);
  }

  /** Clear the stage for a step; the website is told its `name`. `back`: whether one can go back. */
  stage(name, title, { back = this.hasWayBack } = {}) {
    const turn = (this.#turn += 1);
    if (this.who && Date.parse(this.who.expires_at) < Date.now() + A_WHILE) this.remember(null);
    const heading = h("h2", { tabindex: "-1", part: "heading" }, title);
    const content = h(".content");
    this.#entitle();
    this.paint();
    this.#frame.show({
      heading, content, progress: PROGRESS[name] ?? 0,
      back: back && round("back", this.words.back, () => this.back(), { part: "back" }),
    });
    if (this.#touched) this.#look(heading);
    this.#touched = true;
    this.tell("step", { step: name });
    return new Stage(this, content, () => turn === this.#turn);
  }

  /** Begin a step at its heading; not the first one, for the website is just being read then. */
  #look(heading) {
    heading.focus({ preventScroll: true });
    if (this.#element.getBoundingClientRect().top < 0) {
      this.#element.scrollIntoView({ block: "start" });
    }
  }
}
