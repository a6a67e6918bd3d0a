/** Choose a service or a class; or one more service, when there is one already. */

import { h, icon } from "../elements.js";
import { membershipLabel, priceOrFree } from "../parts/appointment.js";
import { cards, section } from "../parts/controls.js";

export function services(widget) {
  const { words } = widget;
  const adding = widget.wish.services?.length > 0 && widget.hasWayBack;
  if (!adding) widget.wish = {};
  const stage = widget.stage("services", adding ? words.addService : words.services);
  stage.fill(() => widget.atPlace(), (place) => {
    const shown = adding ? addable(place, widget.wish.services) : bookable(place);
    if (!shown.length) return h("p.muted", {}, words.noServices);
    const groups = byCategory(shown, place.categories, words.others);
    return groups.map(({ name, of }) => section(groups.length > 1 && name,
      cards(of.map((one) => card(widget, one, adding)))));
  }, 4);
}

/** Classes, and services that somebody performs. */
function bookable({ services: all, members }) {
  return all.filter((one) => one.kind === "group"
    || members.some((member) => member.service_ids.includes(one.service_id)));
}

/** Services that somebody performs who also performs those chosen. */
function addable(place, chosen) {
  return bookable(place).filter((one) => one.kind === "individual" && !chosen.includes(one)
    && place.performing([...chosen, one]).length);
}

function byCategory(shown, categories, others) {
  return [...categories, { category_id: null, name: others }]
    .map(({ category_id: id, name }) => ({
      name, of: shown.filter((one) => (one.category_id ?? null) === id),
    }))
    .filter((group) => group.of.length);
}

function card(widget, service, adding) {
  const { words } = widget;
  const choose = () => {
    widget.wish = { services: [...(adding ? widget.wish.services : []), service] };
    if (service.kind === "group") return widget.open("events");
    if (!adding) return widget.open("team");
    widget.skip(); // back to what was before the team was shown for fewer services
    return widget.instead("team");
  };
  return h("button.card", { type: "button", part: "card", onclick: choose },
    h("span.body", {},
      h("span.title", {}, service.name),
      h("span.facts", {}, words.minutes(service.duration_minutes),
        service.kind === "group" && ` · ${words.class}`),
      service.membership_booking
        && h("span.tags", {}, membershipLabel(words.membershipBooking))),
    h("span.price", {}, priceOrFree(widget, service.price)), h("span.go", {}, icon("go")));
}
