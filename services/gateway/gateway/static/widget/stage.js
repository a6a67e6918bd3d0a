/** Where one step is shown: it fills, works, and says what went wrong. */

import { Failure } from "./edge.js";
import { h, icon } from "./elements.js";
import { button } from "./parts/controls.js";

export class Stage {
  #widget;
  #live;

  /** `live()` tells whether the step is still on when an answer comes. */
  constructor(widget, content, live) {
    this.content = content;
    this.#widget = widget;
    this.#live = live;
  }

  get live() {
    return this.#live();
  }

  /** Add what is there to be shown; false and null are nothing. */
  add(...nodes) {
    this.content.append(...nodes.flat(2).filter(Boolean));
  }

  /** Fill the step with what has to be asked for first; `bones` stand for it meanwhile. */
  async fill(load, draw, bones = 3) {
    const { content } = this;
    const { words } = this.#widget;
    content.replaceChildren(
      ...Array.from({ length: bones }, () => h(".bone", { "aria-hidden": "true" })));
    content.setAttribute("aria-busy", "true");
    this.#widget.announce(words.loading);
    try {
      const answer = await load();
      if (!this.live) return;
      content.replaceChildren(...[draw(answer)].flat(2).filter(Boolean));
    } catch (failure) {
      if (!this.live || this.#widget.signedOutBy(failure)) return;
      content.replaceChildren(this.excuse(failure), h(".actions", {},
        button(words.retry, () => this.fill(load, draw, bones), "primary")));
    }
    content.removeAttribute("aria-busy");
    this.#widget.announce("");
  }

  /** Do what a button says, once at a time; `failed` may deal with what goes wrong. */
  async work(pressed, label, work, failed = () => false) {
    const before = [...pressed.childNodes];
    for (const one of this.content.querySelectorAll(".failure")) one.remove();
    pressed.disabled = true;
    pressed.replaceChildren(icon("wait", { spins: true }), label);
    this.#widget.announce(label);
    try {
      await work();
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      if (!this.live || this.#widget.signedOutBy(failure) || failed(failure)) return;
      const excuse = this.excuse(failure);
      pressed.closest(".actions")?.before(excuse) ?? this.content.append(excuse);
    } finally {
      this.#widget.announce("");
      pressed.disabled = false;
      pressed.replaceChildren(...before);
    }
  }

  /** Say what went wrong. */
  excuse(failure) {
    const { words, edge } = this.#widget;
    if (!(failure instanceof Failure)) console.error(failure);
    const { kind = "broken", problem = {} } = failure;
    this.#widget.tell("error", { type: kind, status: problem.status ?? null });
    const text = failure.wait > 60 ? words.waitMinutes(Math.ceil(failure.wait / 60))
      : words.problems[kind]
        ?? (problem.status < 500 && problem.detail ? problem.detail : words.broken);
    return h(".note.bad.failure", { role: "alert", part: "error" }, icon("warning"), h("div", {},
      h("p", {}, text),
      kind === "blocked" && h("p.small.muted", {}, words.blockedHint),
      kind === "blocked" && h("a.quiet", {
        href: `${edge.base}/book/${encodeURIComponent(edge.location)}`,
        target: "_blank", rel: "noopener",
      }, words.hosted)));
  }
}
