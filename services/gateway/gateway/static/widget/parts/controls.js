/** Buttons and fields, as they are everywhere in the widget. */

import { h, icon } from "../elements.js";

/** A button; `kind` is of its classes: `primary`, `danger`, `compact`, `compact.danger`. */
export function button(label, onclick, kind = "", given = {}) {
  const name = kind ? `button.button.${kind}` : "button.button";
  const part = kind.includes("primary") ? "button primary-button" : "button";
  return h(name, { type: "button", part, onclick, ...given }, label);
}

/** The button that sends the form around it. */
export const submit = (label) => button(label, null, "primary", { type: "submit" });

/** A button that looks like a link, perhaps with an icon before it. */
export function link(label, onclick, symbol) {
  return h("button.quiet.small", { type: "button", part: "link", onclick },
    symbol && icon(symbol), label);
}

/** A button that is an icon; `label` says it to those who do not see it. */
export function round(symbol, label, onclick, given = {}) {
  return h("button.round", { type: "button", "aria-label": label, onclick, ...given },
    icon(symbol));
}

/** A field with its label and hint; `complain` says what is wrong with it until it is changed. */
export function field(name, label, given, hint) {
  const wrong = h("p.wrong", { id: `${name}-wrong`, role: "alert" });
  const input = h("input.input", {
    id: name, name, part: "input", "aria-describedby": `${name}-hint ${name}-wrong`, ...given,
  });
  const complain = (text) => {
    wrong.textContent = text;
    input.setAttribute("aria-invalid", String(Boolean(text)));
    if (text) input.focus();
  };
  input.addEventListener("input", () => complain(""));
  const node = h(".field", {}, h("label", { for: name }, label), input,
    h("p.small.muted", { id: `${name}-hint` }, hint), wrong);
  return { node, input, complain };
}

/** A list of cards to choose from. */
export const cards = (some) => h("ul.cards", {}, some.map((one) => h("li", {}, one)));

/** A part of a step under a heading of its own. */
export const section = (title, ...content) =>
  h("section", {}, title && h("h3", {}, title), ...content);

/** A line of a sheet: what it is about, and what there is to say. */
export const row = (term, ...what) => h("div", {}, h("dt", {}, term), h("dd", {}, what));
