/** It cannot be booked: say why, and what can be done (rule G7). */

import { h, icon } from "../elements.js";
import { button, section } from "../parts/controls.js";
import { paysOnline } from "../wish.js";

/**
 * Deal with a refusal, in the place of the present step: ask for the code or for another phone if
 * that is all there is to it, or show why. False if it is none, and the same may be tried again.
 */
export function refusedBy(widget, failure) {
  const { who, wish } = widget;
  if (failure.passing || failure.kind === "booking-timed-out") return false;
  if (failure.kind === "phone-not-confirmed" && !who && wish.phone) {
    widget.instead("code", wish.phone, "review");
    return true;
  }
  if (failure.kind === "invalid-request" && !who
    && failure.problem.errors?.some((one) => one.field === "phone")) {
    widget.instead("contact", widget.words.wrongPhone);
    return true;
  }
  widget.tell("refused", {
    type: failure.kind, reasons: (failure.problem.reasons ?? []).map((one) => one.reason),
  });
  widget.instead("refused", failure);
  return true;
}

export function refused(widget, { kind, problem }) {
  const { words } = widget;
  const byMembership = kind === "no-suitable-membership";
  const stage = widget.stage("refused", words.refused);
  const reasons = reasonsIn(widget, problem);
  stage.add(
    h(".note.bad", { role: "alert", part: "refusal" }, icon("warning"), h("p.strong", {},
      byMembership ? words.refusedMembership
        : words.problems[kind] ?? problem.detail ?? words.broken)),
    reasons.length > 0 && section(words.why, h("ul.reasons", {},
      reasons.map((text) => h("li", {}, icon("info"), h("span", {}, text))))),
    section(words.canDo, h(".ways", {}, waysOn(widget, byMembership))));
}

/** Why no membership could pay, each reason once. */
function reasonsIn({ words, place }, problem) {
  const texts = (problem.reasons ?? []).map(({ reason, service_id: id }) => {
    const text = words.reasons[reason] ?? words.reasons.other;
    return typeof text === "function" ? text(place.service(id)?.name ?? "") : text;
  });
  return [...new Set(texts)];
}

function waysOn(widget, byMembership) {
  const { words, wish, who, place } = widget;
  const { services, event, moving } = wish;
  const payable = byMembership && moving?.how !== "reschedule" && services.some(paysOnline)
    && wish.payOnline === false;
  return [
    payable && button(words.payInstead, () => {
      wish.payOnline = true;
      widget.instead("review");
    }, "primary"),
    // Everything behind the choice of the time is asked anew.
    button(words.otherTime, () => widget.openAfter(["services"], event ? "events" : "time"),
      byMembership ? "" : "primary"),
    !moving && button(words.otherService, () => widget.home()),
    byMembership && who && !moving && button(words.otherPhoneInstead, () => {
      widget.remember(null);
      delete wish.phone;
      widget.instead("contact");
    }),
    byMembership && h("p.small.muted", {}, words.askStudio(place.location.name)),
  ];
}
