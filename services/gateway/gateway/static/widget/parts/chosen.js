/** What a visitor has chosen so far, shown above the next choice. */

import { h, icon } from "../elements.js";
import { link } from "./controls.js";

const MOST = 5; // services in one booking

/** With `more`, also the ways to choose more services or fewer: several make one booking. */
export function chosen(widget, { more = false } = {}) {
  const { words, wish, place, formats } = widget;
  const { services = [], member, event, start, moving } = wish;
  const chip = (text, gone) => h("li.chip", {}, text, gone && h("button", {
    type: "button", "aria-label": words.remove(text), onclick: gone,
  }, icon("cross")));
  const drop = (service) => () => {
    wish.services = services.filter((one) => one !== service);
    widget.instead("team");
  };
  const others = place.services.some((one) => one.kind === "individual");
  return h("ul.chosen", {},
    services.map((one) => chip(one.name, more && services.length > 1 && drop(one))),
    member && chip(place.memberName(member)),
    (event || start) && chip(formats.moment(event?.start ?? start)),
    more && !moving && others && services.length < MOST
      && h("li", {}, link(words.addService, () => widget.open("services"), "plus")));
}

/** That times are those of the location, if the visitor's are others. */
export function zoneNote({ words, formats, place }) {
  const city = formats.otherZone(place.now());
  return city && h("p.small.muted", {}, words.zone(city));
}
