/** Choose a class, by its day and time. */

import { h, icon } from "../elements.js";
import { plusDays } from "../formats.js";
import { chosen, zoneNote } from "../parts/chosen.js";
import { button, cards, section } from "../parts/controls.js";
import { afterTime } from "./options.js";

const DAYS = 30; // so many are asked at once
const FEW = 3; // spots left that one should hurry for

export function events(widget) {
  const { words, wish } = widget;
  delete wish.event;
  const stage = widget.stage("events", wish.moving ? words.newClass : words.events);
  const loadMore = reader(widget);
  stage.fill(loadMore, (found) => {
    if (!found.length) return [chosen(widget), h("p.muted", {}, words.noEvents)];
    const list = h(".content", {}, byDay(widget, found));
    const more = button(words.moreEvents, () => stage.work(more, words.loading, async () => {
      const later = await loadMore();
      list.append(...byDay(widget, later));
      if (!later.length) more.replaceWith(h("p.muted", {}, words.noEvents));
    }));
    return [chosen(widget), list, h(".actions", {}, more), zoneNote(widget)];
  });
}

/** Read classes of the service, later ones each time; it looks past one stretch without any. */
function reader({ edge, wish, place, formats }) {
  const [service] = wish.services;
  let from = formats.date(place.now());
  const load = async () => {
    const dates = new URLSearchParams({ date: from, until: plusDays(from, DAYS) });
    const { events: found } = await edge.get(`${edge.here}/events?${dates}`);
    from = plusDays(from, DAYS + 1);
    return found.filter((one) => one.service_id === service.service_id && !one.cancelled
      && Date.parse(one.start) > place.now() && one.event_id !== wish.moving?.event_id);
  };
  return async () => {
    const found = await load();
    return found.length ? found : load();
  };
}

function byDay(widget, found) {
  const { formats } = widget;
  const days = new Map();
  for (const one of found) {
    const date = formats.date(one.start);
    days.set(date, [...(days.get(date) ?? []), one]);
  }
  return Array.from(days, ([date, some]) =>
    section(formats.day(date), cards(some.map((one) => card(widget, one)))));
}

function card(widget, event) {
  const { words, wish, place, formats } = widget;
  const left = event.capacity - event.spots_taken;
  const enough = left >= (wish.moving ? wish.spots : 1);
  const choose = () => {
    wish.event = event;
    afterTime(widget);
  };
  const minutes = (Date.parse(event.end) - Date.parse(event.start)) / 60_000;
  return h("button.card", { type: "button", part: "card", disabled: !enough, onclick: choose },
    h("span.clock", {}, formats.clock(event.start)),
    h("span.body", {},
      h("span.title", {}, event.service_name),
      h("span.facts", {}, [words.minutes(minutes), place.memberName(event.team_member_id)]
        .filter(Boolean).join(" · "))),
    h(left > FEW ? "span.small.muted" : "span.small.strong", {},
      left > 0 ? words.spotsLeft(left) : words.full),
    h("span.go", {}, icon("go")));
}
