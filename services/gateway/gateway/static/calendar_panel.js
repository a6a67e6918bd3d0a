// The panel beside the calendar: an appointment's page without what is around it. On a page of its
// own an appointment is the same panel, which is swapped when it is changed.

window.punchcardPanel ??= (() => {
  let isQuiet = false; // it is shown anew by itself: the focus stays where it is

  // A page that says why there is no appointment, or asks who one is, is shown as it is.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const hasPanel = detail.serverResponse.includes('id="panel-content"');
    if (detail.target?.id === "panel" && !hasPanel) detail.selectOverride = "#content";
  });

  // What was done in the panel, or refused, is where one goes on.
  document.addEventListener("htmx:afterSettle", ({ detail: { target } }) => {
    if (target?.id !== "panel") return;
    const wasQuiet = isQuiet;
    isQuiet = false;
    if (wasQuiet) return;
    const place = target.querySelector("[role=alert], [role=status]") ?? target.querySelector("h1");
    place?.setAttribute("tabindex", "-1");
    place?.focus({ preventScroll: true });
    target.scrollTop = 0;
  });

  // `focus(key)` gives the focus back to an entry.
  return function panelOf(root, { focus }) {
    const panel = root.querySelector("[data-panel]");
    const agenda = root.querySelector("[data-agenda]");
    let key = null; // of the entry that is open

    function load(entry) {
      return htmx.ajax("GET", entry.getAttribute("href"), { source: panel, target: panel });
    }

    return {
      isOpen: (other) => key !== null && other === key,

      has: (element) => panel.contains(element),

      async open(entry) {
        key = entry.dataset.key;
        panel.hidden = false;
        root.classList.add("with-panel");
        await load(entry);
        for (const each of root.querySelectorAll("[data-key]")) {
          each.classList.toggle("open", each.dataset.key === key);
        }
      },

      close() {
        if (panel.hidden) return;
        panel.hidden = true;
        panel.replaceChildren();
        root.classList.remove("with-panel");
        for (const each of root.querySelectorAll(".open")) each.classList.remove("open");
        const closed = key;
        key = null;
        if (closed) focus(closed);
      },

      // Show it anew when its debit or payment is another, unless somebody is at its forms.
      refresh() {
        const entry = key && agenda.querySelector(`[data-key="${CSS.escape(key)}"]`);
        const shown = panel.querySelector("#panel-content[data-state]");
        if (!entry || !shown || entry.dataset.state === shown.dataset.state) return;
        if (panel.querySelector("form :focus, details[open] form")) return;
        isQuiet = true;
        load(entry);
      },
    };
  };
})();
