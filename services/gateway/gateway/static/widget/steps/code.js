/** Send a code to the phone and have it typed: then it is the client's own (rule G8). */

import { h } from "../elements.js";
import { field, link, submit } from "../parts/controls.js";

const LENGTH = 6;
const WAIT = 30; // seconds until another code may be asked for

const digits = (text) => text.replace(/\D/g, "");

/** When the code is right, the step `next` comes in the place of this one and the one before. */
export function code(widget, phone, next) {
  const stage = widget.stage("code", widget.words.code);
  const sendAgain = () => stage.fill(() => send(widget, phone),
    () => draw(widget, stage, { phone, next, sendAgain }), 1);
  stage.fill(async () => {
    try {
      await send(widget, phone);
    } catch (failure) {
      if (failure.kind !== "invalid-request") throw failure;
      askForAnother(widget);
    }
  }, () => draw(widget, stage, { phone, next, sendAgain }), 1);
}

/** Seconds until another code may be sent. */
const waitOf = ({ sent }) => Math.ceil(WAIT - (Date.now() - sent.at) / 1000);

/** Send a code, unless this phone has just got one: the step may be shown several times. */
async function send(widget, phone) {
  const { edge } = widget;
  if (widget.sent?.phone === phone && waitOf(widget) > 0) return;
  await edge.post(`${edge.here}/phone-codes`, { phone });
  widget.sent = { phone, at: Date.now() };
}

/** No phone has this number: go back and say so. */
function askForAnother(widget) {
  widget.back();
  widget.find("#phone")?.focus();
  const wrong = widget.find("#phone-wrong");
  if (wrong) wrong.textContent = widget.words.wrongPhone;
}

function draw(widget, stage, { phone, next, sendAgain }) {
  const { words } = widget;
  const typed = field("code", words.codeLabel, {
    type: "text", inputmode: "numeric", autocomplete: "one-time-code",
    maxlength: String(LENGTH + 1), // people type a space in the middle
  }, words.codeSent(phone));
  typed.input.classList.add("code");
  const confirm = submit(words.next);
  const goOn = (event) => {
    event?.preventDefault();
    const number = digits(typed.input.value);
    if (number.length !== LENGTH) return typed.complain(words.wrongCode);
    return stage.work(confirm, words.loading, () => check(widget, phone, number, next),
      (failure) => {
        if (failure.kind !== "phone-code-wrong") return false;
        typed.input.value = "";
        typed.complain(words.codeWrong);
        return true;
      });
  };
  typed.input.addEventListener("input", () => {
    if (digits(typed.input.value).length === LENGTH) goOn();
  });
  queueMicrotask(() => typed.input.focus({ preventScroll: true }));
  return h("form.content", { novalidate: true, onsubmit: goOn }, typed.node,
    h(".actions", {}, confirm),
    h(".account", {}, againLink(widget, stage, sendAgain),
      link(words.otherPhone, () => widget.back())));
}

async function check(widget, phone, number, next) {
  const { edge } = widget;
  const who = await edge.post(`${edge.here}/phone-confirmations`, { phone, code: number });
  widget.sent = null;
  widget.remember({ ...who, name: widget.wish.name });
  widget.skip();
  widget.instead(next);
}

/** The way to another code; it counts the seconds until there may be one. */
function againLink(widget, stage, sendAgain) {
  const { words } = widget;
  const again = link("", sendAgain);
  const tick = () => {
    if (!stage.live || !widget.sent) return;
    const wait = waitOf(widget);
    again.disabled = wait > 0;
    again.textContent = wait > 0 ? words.codeWait(wait) : words.codeAgain;
    if (wait > 0) setTimeout(tick, 1000);
  };
  tick();
  return again;
}
