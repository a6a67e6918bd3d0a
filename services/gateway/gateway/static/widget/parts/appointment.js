/** How an appointment is told: what it is, how it stands, and what it costs. */

import { h, icon } from "../elements.js";
import { row } from "./controls.js";

const DEBITS = {
  automatic_debiting: ["plan", "clock"],
  debited: ["good", "check"],
  not_debited: ["bad", "warning"],
};

/** The label of what is booked with a membership (rules G9 and G10). */
export const membershipLabel = (text) =>
  h("span.tag.membership", { part: "label" }, icon("ticket"), text);

/** What was booked: the spots in a class, or the services. */
export function subject({ words }, { event_id: event, lines }) {
  if (event) return words.spotsIn(lines.length, lines[0].service_name);
  return lines.map((one) => one.service_name).join(", ");
}

export const priceOrFree = ({ words, formats }, money) =>
  (money.amount ? formats.money(money) : words.free);

/** How it stands: never by colour alone. */
export function tags(widget, appointment) {
  const { status, withMembership } = widget.words;
  const tag = (kind, text, symbol) => h(`span.tag.${kind}`, { part: "status" },
    symbol && icon(symbol), text);
  const { lines, state, debit_status: debit, visit_status: visit } = appointment;
  if (state !== "accepted") return [tag(state === "cancelled" ? "off" : "plan", status[state])];
  const [kind, symbol] = DEBITS[debit] ?? [];
  return [
    appointment.booked_with_membership && membershipLabel(withMembership),
    visit !== "pending" && tag("off", status[visit]),
    debit && tag(kind, status[debit], symbol),
    lines.length > 0 && lines.every((one) => one.paid_online)
      && tag("good", status.paid_online, "card"),
    owes(appointment) && tag(...owed(widget, appointment), "card"),
  ].filter(Boolean);
}

const owes = ({ owed: { amount }, debit_status: debit }) =>
  amount > 0 && debit !== "automatic_debiting";

/** What is owed is nothing bad before the appointment begins. */
function owed({ words, place, formats }, appointment) {
  const kind = Date.parse(appointment.start) > place.now() ? "off" : "bad";
  const price = formats.money(appointment.owed);
  return [kind, appointment.payment_status === "paid_partially"
    ? words.partly(price) : words.owed(price)];
}

/** Until when the client may still change it, or why no more. */
export function deadline({ words, place, formats }, { free_cancellation_until: until }) {
  return h("p.small.muted", {}, icon("clock"), " ", Date.parse(until) > place.now()
    ? words.freeUntil(formats.moment(until))
    : `${words.tooLate(formats.moment(until))} ${words.tooLateHint}`);
}

/** What is to be booked, when and with whom, and what pays each line, as a forecast has it. */
export function summary(widget, appointment, { to_pay: toPay, names }) {
  const { words, place, formats, who, wish } = widget;
  const { lines, start, end } = appointment;
  const team = place.teamOf(lines);
  const owedThere = {
    amount: lines.filter((one) => !one.membership_id)
      .reduce((sum, one) => sum + one.price.amount, 0),
    currency: lines[0].price.currency,
  };
  const line = (one) => h(".line", {}, h("span", {}, one.service_name), one.membership_id
    ? membershipLabel(words.carried(names?.[one.membership_id]))
    : h("span", {}, priceOrFree(widget, one.price)));
  const total = (money) => h("span.total", {}, formats.money(money));
  return [
    h("dl.sheet", { part: "summary" },
      row(words.what, lines.map(line)),
      row(words.when, h("span.strong", {}, formats.day(formats.date(start))), h("br"),
        `${formats.clock(start)} – ${formats.clock(end)}`),
      team.length > 0 && row(words.with, team.join(", ")),
      row(words.who, who?.name ?? wish.name, h("br"),
        h("span.muted.small", {}, who?.phone ?? wish.phone)),
      row(words.where, place.location.name),
      toPay ? row(words.toPayOnline, total(toPay))
        : owedThere.amount > 0 && row(words.atStudio, total(owedThere))),
    debitNote(widget, lines),
    deadline(widget, appointment),
  ];
}

/** How many sessions cover it, and when they are debited. */
function debitNote({ words, place }, lines) {
  const held = lines.filter((one) => one.membership_id).length;
  const later = lines.some((one) => place.service(one.service_id)?.automatic_debiting);
  return held > 0 && h(".note", {}, icon("ticket"), h("div", {},
    h("p.strong", {}, words.carriedBy(held)),
    later && h("p.small.muted", {}, words.debitedAtStart)));
}
