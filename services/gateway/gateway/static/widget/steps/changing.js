/** Change what is booked: another time for it, the same again, or not at all. */

import { newKey } from "../edge.js";
import { h } from "../elements.js";
import { deadline, subject, tags } from "../parts/appointment.js";
import { button, row } from "../parts/controls.js";
import { otherWayToPay } from "../wish.js";
import { booked } from "./done.js";
import { refusedBy } from "./refused.js";

/** Choose the time, to `reschedule` or `repeat` an appointment. */
export function move(widget, appointment, how) {
  const { lines } = appointment;
  const services = lines.map((one) => widget.place.service(one.service_id));
  const members = new Set(lines.map((one) => one.team_member_id));
  const isClass = services[0].kind === "group";
  widget.wish = {
    // Whoever repeats a class may also want another spot in the same one.
    moving: { ...appointment, how, event_id: how === "reschedule" ? appointment.event_id : null },
    services: isClass ? services.slice(0, 1) : services,
    spots: lines.length,
    member: !isClass && members.size === 1 ? [...members][0] : null,
  };
  widget.open(isClass ? "events" : "time");
}

/** Check and confirm it; the step `review` of what is moved. */
export function reviewMove(widget) {
  const { words, wish, edge } = widget;
  const { moving, event, start, member, payOnline } = wish;
  const reschedules = moving.how === "reschedule";
  const stage = widget.stage("review", reschedules ? words.move : words.again);
  const path = `${edge.here}/appointments/${moving.appointment_id}/${moving.how}`;
  const when = event ? { event_id: event.event_id } : { start, team_member_id: member ?? "any" };
  const form = !reschedules && otherWayToPay(wish) ? { ...when, pay_online: payOnline } : when;
  let attempt = newKey();
  const confirm = button(reschedules ? words.move : words.book, () =>
    stage.work(confirm, words.booking, async () => {
      const answer = await edge.post(path, form, { token: widget.who.token, attempt });
      if (reschedules) moved(widget, answer);
      else booked(widget, answer);
    }, (failure) => {
      if (!failure.passing) attempt = newKey();
      return refusedBy(widget, failure);
    }), "primary");
  stage.add(movedSheet(widget, reschedules), h(".actions", {}, confirm));
}

function movedSheet({ words, wish, formats, place }, reschedules) {
  const { moving, event, start, member, services, spots } = wish;
  const names = services.map((one) => one.name).join(", ");
  return h("dl.sheet", { part: "summary" },
    row(words.what, words.spotsIn(event ? spots : 1, names)),
    reschedules && row(words.oldTime, h("s.muted", {}, formats.moment(moving.start))),
    row(words.when, h("span.strong", {}, formats.moment(event?.start ?? start))),
    !event && row(words.with, member ? place.memberName(member) : words.anyone));
}

function moved(widget, appointment) {
  const { appointment_id, start } = appointment;
  widget.tell("rescheduled", { appointment_id, start });
  widget.openAfter(["services", "bookings"], "done", appointment, widget.words.moved);
}

/** Cancel it, once it is clear what becomes of it. */
export function cancel(widget, appointment) {
  const { words, edge, formats } = widget;
  const { appointment_id: id, lines, start } = appointment;
  const stage = widget.stage("cancel", words.cancelBooking);
  const attempt = newKey();
  const confirm = button(words.cancelYes, () => stage.work(confirm, words.loading, async () => {
    await edge.post(`${edge.here}/appointments/${id}/cancel`, {},
      { token: widget.who.token, attempt });
    widget.tell("cancelled", { appointment_id: id });
    widget.instead("bookings");
    widget.announce(words.cancelledNow);
  }), "danger");
  const held = appointment.booked_with_membership
    || appointment.debit_status === "automatic_debiting";
  stage.add(
    h(".booking", {}, h("p.strong", {}, subject(widget, appointment)),
      h("p", {}, formats.moment(start)), h(".tags", {}, tags(widget, appointment))),
    h("p", {}, words.cancelHint, held && ` ${words.cancelSession}`,
      lines.some((one) => one.paid_online) && ` ${words.cancelRefund}`),
    deadline(widget, appointment),
    h(".actions", {}, button(words.cancelNo, () => widget.back(), "primary"), confirm));
}
