/** Choose the number of spots, and how to pay, where there is a choice. */

import { h } from "../elements.js";
import { chosen } from "../parts/chosen.js";
import { button, round } from "../parts/controls.js";
import { otherWayToPay } from "../wish.js";

const MOST = 50; // spots in one booking

/** Go on from the choice of the time. */
export function afterTime(widget) {
  const { event, moving } = widget.wish;
  if (moving?.how === "reschedule") return widget.open("review");
  const asks = otherWayToPay(widget.wish) || (event && !moving);
  return widget.open(asks ? "options" : afterOptions(widget));
}

const afterOptions = ({ wish, who }) => (wish.moving || who?.name ? "review" : "contact");

export function options(widget) {
  const { words, wish, formats } = widget;
  const { event, services, moving } = wish;
  const choosesSpots = event && !moving;
  const most = choosesSpots ? Math.min(event.capacity - event.spots_taken, MOST) : 1;
  wish.spots = Math.min(wish.spots ?? 1, moving ? MOST : most);
  const stage = widget.stage("options", words.options);
  const price = () => formats.money({
    amount: services.reduce((sum, one) => sum + one.price.amount, 0) * wish.spots,
    currency: services[0].price.currency,
  });
  const ways = otherWayToPay(wish) && waysToPay(widget, price);
  const done = () => {
    if (ways && wish.payOnline === undefined) return ways.complain();
    return widget.open(afterOptions(widget));
  };
  stage.add(
    chosen(widget),
    choosesSpots && spotsField(widget, most, () => ways?.reprice()),
    ways && ways.node,
    h(".actions", {}, button(words.next, done, "primary")));
}

function spotsField({ words, wish }, most, changed) {
  const count = h("output", { "aria-live": "polite" }, String(wish.spots));
  const step = (by, symbol, label) => round(symbol, label, () => {
    wish.spots = Math.max(1, Math.min(most, wish.spots + by));
    count.textContent = String(wish.spots);
    changed();
  });
  return h("fieldset", {}, h("legend", {}, words.spots),
    h(".stepper", {}, step(-1, "minus", words.fewer), count, step(1, "plus", words.more)),
    h("p.small.muted", {}, words.spotsLeft(most),
      wish.services[0].membership_booking && ` · ${words.spotsHint}`));
}

/** Online, or the other way; nothing is chosen beforehand. */
function waysToPay({ words, wish }, price) {
  const hint = h("span.small.muted", {}, words.payOnlineHint(price()));
  const wrong = h("p.wrong", { role: "alert" });
  const radio = (value, title, text) => h("label.choice", { part: "choice" },
    h("input", {
      type: "radio", name: "payment", value: String(value), checked: wish.payOnline === value,
      onchange: () => {
        wish.payOnline = value;
        wrong.textContent = "";
      },
    }),
    h("span.body", {}, h("span.strong", {}, title), h("br"), text));
  const small = (text) => h("span.small.muted", {}, text);
  const node = h("fieldset", {}, h("legend", {}, words.payment), h(".choices", {},
    otherWayToPay(wish) === "membership"
      ? radio(false, words.useMembership, small(words.useMembershipHint))
      : radio(false, words.payLater, small(price())),
    radio(true, words.payOnline, hint)), wrong);
  return {
    node,
    reprice() {
      hint.textContent = words.payOnlineHint(price());
    },
    complain() {
      wrong.textContent = words.wrongChoice;
      node.querySelector("input").focus();
    },
  };
}
