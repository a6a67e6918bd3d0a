/** Who books: name and phone. Or the phone alone, to see what is booked. */

import { h } from "../elements.js";
import { chosen } from "../parts/chosen.js";
import { field, submit } from "../parts/controls.js";
import { needsCode } from "../wish.js";

const FEWEST = 5; // digits of a phone number

/** `wrong` says what is wrong with the phone, if one comes back here for it. */
export function contact(widget, wrong = null) {
  const { words, wish, who, place } = widget;
  const confirms = needsCode(wish, place.location);
  const stage = widget.stage("contact", words.contact);
  const name = field("name", words.name, {
    type: "text", autocomplete: "name", maxlength: "200", value: wish.name ?? "",
  });
  const phone = phoneField(widget, confirms ? words.phoneHint : words.phoneHintPlain, {
    disabled: Boolean(who), value: who?.phone ?? wish.phone ?? "",
  });
  const goOn = (event) => {
    event.preventDefault();
    const typed = { name: name.input.value.trim(), phone: phone.input.value.trim() };
    if (!typed.name) return name.complain(words.wrongName);
    if (!looksLikePhone(typed.phone)) return phone.complain(words.wrongPhone);
    Object.assign(wish, typed);
    if (widget.who) {
      widget.remember({ ...widget.who, name: typed.name });
      return widget.open("review");
    }
    return confirms ? widget.open("code", typed.phone, "review") : widget.open("review");
  };
  stage.add(chosen(widget), form(goOn, name.node, phone.node,
    h(".actions", {}, submit(words.next))));
  if (wrong) phone.complain(wrong);
}

/** Sign in without booking anything; then comes the step `next`. */
export function signIn(widget, next) {
  const { words, wish } = widget;
  const stage = widget.stage("contact", words.signIn);
  const phone = phoneField(widget, words.signInHint, { value: wish.phone ?? "" });
  const goOn = (event) => {
    event.preventDefault();
    const typed = phone.input.value.trim();
    if (!looksLikePhone(typed)) return phone.complain(words.wrongPhone);
    wish.phone = typed;
    return widget.open("code", typed, next);
  };
  stage.add(form(goOn, phone.node, h(".actions", {}, submit(words.sendCode))));
}

const looksLikePhone = (typed) => typed.replace(/\D/g, "").length >= FEWEST;

const phoneField = ({ words }, hint, given) => field("phone", words.phone,
  { type: "tel", autocomplete: "tel", maxlength: "40", ...given }, hint);

const form = (onsubmit, ...content) =>
  h("form.content", { novalidate: true, onsubmit }, ...content);
