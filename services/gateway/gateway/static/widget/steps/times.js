/** Choose a day and a time. */

import { h } from "../elements.js";
import { plusDays } from "../formats.js";
import { calendar } from "../parts/calendar.js";
import { chosen, zoneNote } from "../parts/chosen.js";
import { button, link } from "../parts/controls.js";
import { afterTime } from "./options.js";

const DAYS = 61; // so far is asked at first; later months when they are looked at
const MANY = 32; // starts on one day that can be taken in at a glance

export function time(widget) {
  const { words, wish, formats, place } = widget;
  delete wish.start;
  const stage = widget.stage("time", wish.moving ? words.newTime : words.time);
  const today = formats.date(place.now());
  const horizon = plusDays(today, DAYS);
  const ask = (from, to) => freeDates(widget, from, to);

  stage.fill(() => ask(today, horizon), (dates) => {
    const above = [chosen(widget, { more: true }), wish.moving && memberSelect(widget)];
    if (!dates.length) return [...above, h("p", {}, words.noDatesAtAll), someoneElse(widget)];
    const times = h("div", { "aria-live": "polite" });
    let day;
    const choose = (date) => {
      day = date;
      showTimes();
    };
    const showTimes = async () => {
      const wanted = day;
      const late = () => !stage.live || wanted !== day; // another day was chosen meanwhile
      times.replaceChildren(h(".bone"), h("p.sr", {}, words.loading));
      try {
        const slots = await freeSlots(widget, wanted);
        if (!late()) times.replaceChildren(...timesOf(widget, wanted, slots, month));
      } catch (failure) {
        if (late()) return;
        times.replaceChildren(stage.excuse(failure), button(words.retry, showTimes, "compact"));
      }
    };
    const month = calendar(widget, { today, horizon, dates, ask, choose, live: () => stage.live });
    choose(dates[0]);
    return [...above, h(".when", {}, month.node, times), zoneNote(widget)];
  });
}

async function freeDates(widget, from, to) {
  const { edge } = widget;
  return (await edge.get(`${edge.here}/free-dates?${query(widget, { from, to })}`)).dates;
}

async function freeSlots(widget, date) {
  const { edge } = widget;
  return (await edge.get(`${edge.here}/free-slots?${query(widget, { date })}`)).slots;
}

function query({ wish }, given) {
  const asked = new URLSearchParams(given);
  for (const one of wish.services) asked.append("service_id", one.service_id);
  if (wish.member) asked.set("team_member_id", wish.member);
  return asked;
}

/** The times of a day; if all have been taken meanwhile, the way to the next day that has some. */
function timesOf(widget, day, slots, month) {
  const { words, formats } = widget;
  const heading = h("h3", {}, formats.day(day));
  if (slots.length) {
    return [heading, slotList(widget, slots, (start) => {
      widget.wish.start = start;
      afterTime(widget);
    })];
  }
  const later = month.freeAfter(day);
  return [heading, h("p", {}, words.noTimes),
    later ? button(words.nextFree(formats.day(later)), () => month.goTo(later)) : ""];
}

/** Back to the choice of the team, if somebody was chosen there. */
function someoneElse(widget) {
  const { words, wish } = widget;
  return wish.member && !wish.moving
    && h(".actions", {}, button(words.someoneElse, () => widget.back(), "primary"));
}

/** For another time of what is booked: the same person, another, or anybody. */
function memberSelect(widget) {
  const { words, wish, place } = widget;
  const option = (value, text) => h("option",
    { value, selected: (wish.member ?? "") === value }, text);
  return h(".field", {}, h("label", { for: "member" }, words.with), h("select.input", {
    id: "member", part: "input", onchange: (event) => {
      wish.member = event.target.value || null;
      widget.instead("time");
    },
  }, option("", words.anyone),
  place.performing(wish.services).map((one) => option(one.team_member_id, one.name))));
}

/** Show times by parts of the day; of very many, those on round times until all are wanted. */
function slotList(widget, slots, choose) {
  const { words, formats } = widget;
  const all = slots.map(({ start }) => ({ start, minutes: formats.minutes(start) }));
  const list = h("div");
  const draw = (some) => list.replaceChildren(
    ...partsOfDay(widget, some, choose),
    some === all ? "" : link(words.everyTime, () => {
      draw(all);
      list.querySelector("button")?.focus();
    }, "plus"));
  draw(all.length > MANY ? rounded(all) : all);
  return list;
}

/** Those on the quarters, halves or hours: the finest that are not too many. */
function rounded(all) {
  return [15, 30, 60].map((step) => all.filter((one) => one.minutes % step === 0))
    .find((some) => some.length > 0 && some.length <= MANY) ?? all;
}

function partsOfDay({ words, formats }, slots, choose) {
  return [[words.morning, 0, 12], [words.afternoon, 12, 17], [words.evening, 17, 24]]
    .map(([name, from, to]) => [name, slots
      .filter((one) => one.minutes >= from * 60 && one.minutes < to * 60)])
    .filter(([, some]) => some.length)
    .map(([name, some]) => h(".part", {}, h("p.small.muted", {}, name),
      h("ul.slots", {}, some.map(({ start }) =>
        h("li", {}, button(formats.clock(start), () => choose(start), "", { part: "slot" }))))));
}
