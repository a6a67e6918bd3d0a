/** My bookings: what is coming, and what is over. */

import { h } from "../elements.js";
import { deadline, subject, tags } from "../parts/appointment.js";
import { button, link, section } from "../parts/controls.js";
import { move } from "./changing.js";
import { signIn } from "./contact.js";

const MOST = 20; // of those that are over

export function bookings(widget) {
  const { words, edge, place } = widget;
  if (!widget.who) return signIn(widget, "bookings");
  const { token, phone } = widget.who;
  const stage = widget.stage("bookings", words.myBookings, { back: false });
  widget.wish = {};
  widget.retrace(["services", "bookings"]);
  return stage.fill(() => edge.get(`${edge.here}/my-bookings`, token), ({ appointments }) => {
    const ahead = (one) => ["accepted", "requested"].includes(one.state)
      && Date.parse(one.end) > place.now();
    const coming = appointments.filter(ahead).reverse();
    const past = appointments.filter((one) => !ahead(one)).slice(0, MOST);
    const list = (title, some) => some.length > 0 && section(title,
      h("ul.cards", {}, some.map((one) => card(widget, one, ahead(one)))));
    return [
      !appointments.length && h("p.muted", {}, words.noBookings),
      list(words.upcoming, coming),
      list(words.past, past),
      h(".actions", {}, button(words.bookMore, () => widget.home(), "primary")),
      h(".account", {}, h("span.small.muted", {}, words.signedInAs(phone)),
        link(words.signOut, () => {
          widget.remember(null);
          widget.home();
        })),
    ];
  });
}

function card(widget, appointment, ahead) {
  const { formats, place } = widget;
  const team = place.teamOf(appointment.lines);
  return h(`li.booking${ahead ? "" : ".over"}`, { part: "booking" },
    h("div", {},
      h("p.strong", {}, subject(widget, appointment)),
      h("p", {}, formats.moment(appointment.start),
        team.length > 0 && h("span.muted", {}, ` · ${team.join(", ")}`))),
    h(".tags", {}, tags(widget, appointment)),
    ahead && deadline(widget, appointment),
    h(".buttons", {}, waysOn(widget, appointment, ahead)));
}

function waysOn(widget, appointment, ahead) {
  const { words, formats, place } = widget;
  const { start, lines, free_cancellation_until: until } = appointment;
  const name = `${subject(widget, appointment)}, ${formats.moment(start)}`;
  const labelled = (label, act, kind = "compact") => button(label, act, kind,
    { "aria-label": `${label}: ${name}` });
  const changeable = ahead && Date.parse(until) > place.now();
  const offered = lines.every((one) => place.service(one.service_id));
  return [
    changeable && offered
      && labelled(words.reschedule, () => move(widget, appointment, "reschedule")),
    changeable
      && labelled(words.cancel, () => widget.open("cancel", appointment), "compact.danger"),
    offered && labelled(words.again, () => move(widget, appointment, "repeat")),
  ];
}
