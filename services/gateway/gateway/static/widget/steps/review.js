/** Check and confirm: first a forecast, with what pays each line, then the booking. */

import { Failure, newKey } from "../edge.js";
import { h } from "../elements.js";
import { summary } from "../parts/appointment.js";
import { button, link } from "../parts/controls.js";
import { bookingForm, needsCode } from "../wish.js";
import { reviewMove } from "./changing.js";
import { booked } from "./done.js";
import { refusedBy } from "./refused.js";

export function review(widget) {
  const { words, wish, edge, place } = widget;
  if (wish.moving) return reviewMove(widget);
  if (needsCode(wish, place.location) && !widget.who) return widget.instead("contact");
  const form = bookingForm(wish, {
    name: widget.who?.name ?? wish.name, phone: widget.who?.phone ?? wish.phone,
  });
  const stage = widget.stage("review", words.review);
  const token = widget.who?.token;
  return stage.fill(
    () => edge.post(`${edge.here}/booking-forecasts`, form, { token }),
    (forecast) => {
      if (forecast.outcome === "refused") {
        const { problem } = forecast;
        const failure = new Failure(problem.type.split("/").pop(), problem);
        // Once this step is drawn, another one may take its place.
        queueMicrotask(() => refusedBy(widget, failure) || stage.add(stage.excuse(failure)));
        return [];
      }
      return [
        summary(widget, forecast.booking.appointments[0], forecast),
        h(".actions", {}, confirmation(widget, stage, form, token, forecast.to_pay)),
        widget.who && link(words.notYou, () => {
          widget.remember(null);
          widget.instead("contact");
        }),
      ];
    });
}

function confirmation(widget, stage, form, token, toPay) {
  const { words, edge } = widget;
  let attempt = newKey();
  const confirm = button(toPay ? words.bookAndPay : words.book, () =>
    stage.work(confirm, words.booking, async () => {
      booked(widget, await edge.post(`${edge.here}/bookings`, form, { token, attempt }));
    }, (failure) => {
      // What was answered for good is not sent again; what may have been lost is, under its key.
      if (!failure.passing) attempt = newKey();
      return refusedBy(widget, failure);
    }), "primary");
  return confirm;
}
