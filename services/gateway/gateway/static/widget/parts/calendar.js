/** A month of days, of which those with free times can be chosen. */

import { h } from "../elements.js";
import { following, lastOf, plusDays } from "../formats.js";
import { round } from "./controls.js";

const MONTHS = 11; // so many after the present one are shown
const MONDAY = "2024-01-01"; // any

/**
 * Draw the calendar, with the first of `dates` chosen: those known to be free, from `today` until
 * `horizon`. `ask(from, to)` finds out about later ones, when their month is shown; `choose(date)`
 * hears what else is chosen. `live()` tells whether the calendar is still shown.
 */
export function calendar({ words, formats }, { today, horizon, dates, ask, choose, live }) {
  const node = h("div");
  const free = new Set(dates);
  const asked = new Set();
  let day = dates[0];
  let month = day.slice(0, 7);

  const draw = () => node.replaceChildren(
    h(".month", {},
      step(following(month, -1), "back", words.earlier, month > today.slice(0, 7)),
      h("span.name", { "aria-live": "polite" },
        formats.day(`${month}-01`, { month: "long", year: "numeric" })),
      step(following(month), "go", words.later, month < following(today.slice(0, 7), MONTHS))),
    h(".days", {}, weekdays(formats), daysBefore(month), datesOf(month).map(drawDay)),
    [...free].some((one) => one.startsWith(month)) ? "" : h("p.small.muted", {}, words.noDates));

  const step = (to, symbol, label, allowed) =>
    round(symbol, label, () => turnTo(to), { disabled: !allowed });

  const drawDay = (date) => h("button.day", {
    type: "button", part: date === day ? "day day-selected" : "day",
    disabled: !free.has(date), "aria-label": formats.day(date),
    "aria-pressed": free.has(date) ? String(date === day) : false,
    onclick: () => select(date),
  }, String(Number(date.slice(8))));

  const select = (date) => {
    day = date;
    draw();
    node.querySelector("[aria-pressed=true]")?.focus();
    choose(day);
  };

  const turnTo = async (next) => {
    const which = next < month ? 0 : 1;
    month = next;
    draw();
    keepFocus(which);
    const [first, last] = [`${month}-01`, lastOf(month)];
    if (last <= horizon || asked.has(month)) return;
    asked.add(month);
    const more = await ask(first < today ? today : first, last).catch(() => []);
    for (const one of more) free.add(one);
    if (!live()) return;
    draw();
    keepFocus(which);
  };

  /** The button that was pressed is drawn anew; at the last month there is only the other one. */
  const keepFocus = (which) => {
    const steps = [...node.querySelectorAll(".round")];
    steps[steps[which].disabled ? 1 - which : which].focus();
  };

  draw();
  return {
    node,
    /** The next free day after a date, as far as it is known. */
    freeAfter: (date) => [...free].sort().find((one) => one > date),
    /** Choose a day of whichever month. */
    goTo(date) {
      month = date.slice(0, 7);
      select(date);
    },
  };
}

const weekdays = (formats) => Array.from({ length: 7 }, (_, n) =>
  h("span.wd", { "aria-hidden": "true" },
    formats.day(plusDays(MONDAY, n), { weekday: "short" })));

/** Empty places for the weekdays before the first of the month; weeks begin on Mondays. */
function daysBefore(month) {
  const first = new Date(`${month}-01T12:00:00Z`);
  return Array.from({ length: (first.getUTCDay() + 6) % 7 }, () => h("span"));
}

const datesOf = (month) => Array.from({ length: Number(lastOf(month).slice(8)) },
  (_, n) => plusDays(`${month}-01`, n));
