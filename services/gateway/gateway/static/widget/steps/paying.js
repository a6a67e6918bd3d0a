/** Pay on the provider's page, in a tab of its own, while the widget waits. */

import { pause } from "../edge.js";
import { h, icon } from "../elements.js";
import { subject } from "../parts/appointment.js";
import { button } from "../parts/controls.js";

const OVER = ["failed", "expired", "refunded"];

/** `told` is what the website hears of the booking when it is paid. */
export async function pay(widget, booking, told) {
  const { words, edge, formats } = widget;
  const [appointment] = booking.appointments;
  const stage = widget.stage("pay", words.pay, { back: false });
  const link = h("div", {}, waiting(words.payPreparing));
  stage.add(
    h("p.strong", {}, subject(widget, appointment), " · ", formats.moment(appointment.start)),
    h(".note", {}, icon("clock"), h("p", {}, words.payKept(formats.clock(booking.pay_until)))),
    link);
  let opened = false;
  for (;;) {
    // A question that is lost is asked again.
    const payment = await edge.get(`${edge.here}/payments/${booking.payment_id}`,
      widget.who?.token).catch(() => null);
    if (!stage.live) return;
    if (payment?.state === "open" && payment.checkout_url && !opened) {
      opened = true;
      link.replaceChildren(...checkout(widget, payment));
    }
    if (payment?.state === "paid") {
      widget.tell("booked", { ...told, state: "accepted" });
      widget.instead("done", paid(appointment));
      return;
    }
    if (OVER.includes(payment?.state)) {
      stage.content.replaceChildren(
        h(".note.bad", { role: "alert" }, icon("warning"), h("p", {}, words.payOver)),
        h(".actions", {}, button(words.bookMore, () => widget.home(), "primary")));
      return;
    }
    await pause(payment?.state === "open" ? 2 : 0.5);
  }
}

const waiting = (text) =>
  h("p.muted", { role: "status" }, icon("wait", { spins: true }), " ", text);

function checkout({ words, formats }, payment) {
  const { protocol, href } = new URL(payment.checkout_url);
  const still = waiting(words.payWaiting);
  still.classList.add("small");
  return [
    h(".actions", {}, h("a.button.primary", {
      part: "button primary-button", target: "_blank", rel: "noopener",
      href: /^https?:$/.test(protocol) ? href : false,
    }, icon("card"), words.payNow(formats.money(payment.amount)))),
    h("p.small.muted", {}, words.payOpens),
    still,
  ];
}

/** The appointment as it is now that it is paid. */
const paid = (appointment) => ({
  ...appointment,
  state: "accepted",
  payment_status: "paid",
  owed: { ...appointment.owed, amount: 0 },
  lines: appointment.lines.map((one) => ({ ...one, paid_online: true })),
});
