/** It is booked, or moved. */

import { h, icon } from "../elements.js";
import { deadline, subject, tags } from "../parts/appointment.js";
import { button } from "../parts/controls.js";

/** A booking was accepted: pay for it first, or be done. */
export function booked(widget, booking) {
  const [appointment] = booking.appointments;
  const told = {
    booking_id: booking.booking_id, state: booking.state, start: appointment.start,
    service_ids: appointment.lines.map((one) => one.service_id),
    booked_with_membership: appointment.booked_with_membership,
  };
  if (booking.state === "awaiting_payment") {
    widget.openAfter(["services"], "pay", booking, told);
    return;
  }
  widget.tell("booked", told);
  widget.openAfter(["services"], "done", appointment);
}

export function done(widget, appointment, title = widget.words.done) {
  const { words, formats, place } = widget;
  const { start, lines } = appointment;
  const stage = widget.stage("done", title, { back: false });
  const team = place.teamOf(lines);
  stage.add(
    h(".hero", {}, h(".disc", {}, icon("check")),
      h("p.strong", {}, subject(widget, appointment)),
      h("p", {}, formats.day(formats.date(start)), ", ", formats.clock(start),
        team.length ? ` · ${team.join(", ")}` : ""),
      h(".tags", {}, tags(widget, appointment)),
      deadline(widget, appointment)),
    h(".actions", {},
      button(words.myBookings, () => widget.open("bookings"), "primary"),
      button(words.bookMore, () => widget.home())));
}
