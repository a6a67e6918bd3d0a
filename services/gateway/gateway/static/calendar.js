// The calendar: the agenda that the server has drawn becomes a grid where there is room for one, and
// both change before one's eyes. The agenda stays the only source: what it says, the grid shows.
//
// This file is loaded anew with each calendar that is swapped in, and starts once.

window.punchcardCalendar ??= (() => {
  const ROOM_FOR_A_GRID = matchMedia("(min-width: 44rem)");
  const ROOM_FOR_A_PANEL = matchMedia("(min-width: 72rem)");
  const HIGHLIGHT_MS = 6000;
  const TOGETHER_MS = 120; // changes of one moment are shown together

  function start(root) {
    const agenda = root.querySelector("[data-agenda]");
    const hint = root.querySelector("[data-hint]");
    const announced = root.querySelector("[data-announced]");
    const changed = new Set(); // keys of the entries that are highlighted
    const stopping = new AbortController();
    const { signal } = stopping;
    let waiting = 0;
    let isReading = false;
    let isStale = false;

    const grid = window.punchcardGrid(root, { marked, book });
    const panel = window.punchcardPanel(root, { focus });
    const changes = window.punchcardChanges(root.dataset.changes, { tell, changed: hear, missed: soon });

    const entries = () => [...agenda.querySelectorAll("[data-key]")];
    const all = (key) => root.querySelectorAll(`[data-key="${CSS.escape(key)}"]`);

    function marked(key) {
      return [changed.has(key) && "changed", panel.isOpen(key) && "open"].filter(Boolean);
    }

    function book(date, time, column) {
      const asked = new URLSearchParams({ date, time });
      const team = column ?? root.dataset.team;
      if (team === "classes") return visit(`${root.dataset.plan}?${asked}`);
      if (team) asked.set("team", team);
      visit(`${root.dataset.book}?${asked}`);
    }

    // Go to a page as if by a link, which is swapped in.
    function visit(path) {
      const link = document.createElement("a");
      link.href = path;
      link.hidden = true;
      root.append(link);
      htmx.process(link);
      link.click();
    }

    async function arrange() {
      const isGrid = ROOM_FOR_A_GRID.matches && (await grid.show());
      if (signal.aborted) return;
      if (!isGrid) grid.hide();
      agenda.classList.toggle("hidden-by-grid", isGrid);
      advise();
    }

    function advise() {
      hint.hidden = !agenda.classList.contains("hidden-by-grid") || entries().length > 0;
    }

    function focus(key) {
      [...all(key)].find((entry) => entry.checkVisibility())?.focus();
    }

    // Changes

    function tell(isOn) {
      const live = document.querySelector("[data-live]");
      if (!live) return;
      live.hidden = false;
      live.dataset.live = isOn ? "on" : "off";
      live.querySelector("[data-live-text]").textContent = isOn ? "Live" : "Reconnecting…";
    }

    // Whatever is shown, or begins on a date that is shown, is read again.
    function hear(appointment) {
      const { first, last, zone } = root.dataset;
      const date = new Date(appointment.start).toLocaleDateString("en-CA", { timeZone: zone });
      const own = `[data-appointment="${CSS.escape(appointment.appointment_id)}"]`;
      if (agenda.querySelector(own) || (first <= date && date <= last)) soon();
    }

    function soon() {
      clearTimeout(waiting);
      waiting = setTimeout(read, TOGETHER_MS);
    }

    async function read() {
      if (isReading) { isStale = true; return; }
      isReading = true;
      const here = new URL(location.href);
      here.searchParams.set("date", root.dataset.date); // "today" may be another by now
      try {
        const answer = await fetch(here, { headers: { Accept: "text/html" }, signal });
        if (answer.ok) take(new DOMParser().parseFromString(await answer.text(), "text/html"));
      } catch (error) {
        // Without an answer the stream ends, too, and says so.
        if (!signal.aborted && !(error instanceof TypeError)) throw error;
      } finally {
        isReading = false;
        if (isStale && !signal.aborted) { isStale = false; soon(); }
      }
    }

    function take(page) {
      const fresh = page.querySelector("[data-agenda]");
      if (!fresh) return location.reload(); // signed out, for one: the page says it
      root.dataset.now = page.querySelector("[data-calendar]").dataset.now;
      const before = new Map(entries().map((entry) => [entry.dataset.key, entry]));
      const news = [...fresh.querySelectorAll("[data-key]")].filter(
        (entry) => described(before.get(entry.dataset.key)) !== described(entry));
      const said = news.filter((entry) => before.get(entry.dataset.key)?.dataset.said !== entry.dataset.said);
      const focused = document.activeElement?.closest("[data-key]")?.dataset.key;
      agenda.replaceChildren(...fresh.childNodes);
      htmx.process(agenda);
      for (const entry of news) highlight(entry.dataset.key);
      const left = new Set(entries().map((entry) => entry.dataset.key));
      grid.redraw(news, [...before.keys()].filter((key) => !left.has(key)));
      for (const key of left) for (const each of all(key)) each.classList.add(...marked(key));
      advise();
      panel.refresh();
      if (focused && !document.activeElement?.closest("[data-key]")) focus(focused);
      announce(said, before);
    }

    function described(entry) {
      if (!entry) return "";
      const copy = entry.cloneNode(true);
      copy.classList.remove("changed", "open");
      return copy.outerHTML;
    }

    function highlight(key) {
      changed.add(key);
      setTimeout(() => {
        changed.delete(key);
        for (const each of all(key)) each.classList.remove("changed");
      }, HIGHLIGHT_MS);
    }

    function announce(said, before) {
      const words = said.map(({ dataset }) => (before.has(dataset.key) ? "" : "New, ") + dataset.said);
      if (words.length) announced.textContent = [...new Set(words)].join(". ");
    }

    // Clicks and keys

    function clicked(event) {
      if (event.target.closest("[data-close-panel]") && panel.has(event.target)) {
        event.preventDefault();
        event.stopPropagation();
        return panel.close();
      }
      const entry = event.target.closest("a[data-key]");
      if (!entry || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
      if (entry.dataset.appointment && ROOM_FOR_A_PANEL.matches) {
        event.preventDefault();
        event.stopPropagation();
        panel.open(entry);
      } else if ("inGrid" in entry.dataset) {
        event.preventDefault();
        visit(entry.getAttribute("href"));
      }
    }

    // Before htmx sees the click, which would lead to the page of the entry.
    root.addEventListener("click", clicked, { capture: true, signal });
    document.addEventListener("keydown", ({ key }) => key === "Escape" && panel.close(), { signal });
    ROOM_FOR_A_GRID.addEventListener("change", arrange, { signal });
    window.addEventListener("pagehide", () => changes.end(), { signal });
    window.addEventListener("pageshow", (event) => event.persisted && changes.anew(), { signal });
    for (const form of document.querySelectorAll("form[data-at-once]")) {
      form.addEventListener("change", () => form.reportValidity() && form.requestSubmit(), { signal });
    }
    arrange();

    return {
      root,
      stop() {
        stopping.abort();
        clearTimeout(waiting);
        changes.end();
        grid.end();
      },
    };
  }

  let current = null;
  function look() {
    const root = document.querySelector("[data-calendar]");
    if (current && current.root !== root) {
      current.stop();
      current = null;
    }
    if (root && !current) current = start(root);
  }

  document.addEventListener("htmx:load", look);
  return { look };
})();
window.punchcardCalendar.look();
