/** Choose who performs the services, or anybody. */

import { h, icon } from "../elements.js";
import { chosen } from "../parts/chosen.js";
import { cards } from "../parts/controls.js";

export function team(widget) {
  const { words, wish, place } = widget;
  delete wish.start;
  const stage = widget.stage("team", words.team);
  const choose = (member) => () => {
    wish.member = member;
    widget.open("time");
  };
  const card = (face, title, hint, member) => h("button.card",
    { type: "button", part: "card", onclick: choose(member) },
    h("span.avatar", { "aria-hidden": "true" }, face),
    h("span.body", {}, h("span.title", {}, title), hint && h("span.facts", {}, hint)),
    h("span.go", {}, icon("go")));
  stage.add(chosen(widget, { more: true }), cards([
    card(icon("users"), words.anyone, words.anyoneHint, null),
    ...place.performing(wish.services)
      .map((one) => card([...one.name][0], one.name, null, one.team_member_id)),
  ]));
}
