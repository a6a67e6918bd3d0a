// The calendar: the agenda that the server has drawn becomes a grid where there is room for one, and
// both change before one's eyes. The agenda stays the only source: what it says, the grid shows.
//
// This file is loaded anew with each calendar that is swapped in, and starts once.

window.punchcardCalendar ??= (() => {
  const ROOM_FOR_A_GRID = matchMedia("(min-width: 44rem)");
  const ROOM_FOR_A_PANEL = matchMedia("(min-width: 62rem)");
  const HIGHLIGHT_MS = 6000;
  const TOGETHER_MS = 120; // changes of one moment are shown together
  const AGAIN_MS = 4000;
  const NOW_MS = 20000;
  const SLOT_PIXELS = 40; // half an hour
  let current = null;
  let isQuiet = false; // the panel is shown anew by itself: the focus stays where it is

  // The parts of the library, once for all pages.
  let library = null;
  function loaded(root) {
    library ??= new Promise((resolve, reject) => {
      const style = document.createElement("link");
      style.rel = "stylesheet";
      style.href = root.dataset.libraryStyle;
      const script = document.createElement("script");
      script.src = root.dataset.library;
      script.onload = () => resolve(window.EventCalendar);
      script.onerror = () => { library = null; reject(new Error("The grid could not be loaded.")); };
      // Before our own styles, so that ours decide.
      document.head.prepend(style);
      document.head.append(script);
    });
    return library;
  }

  // Times of the page are local to the location; as UTC they can be counted with.
  const asUtc = (local) => new Date(`${local}Z`);
  const asLocal = (utc) => utc.toISOString().slice(0, 19);
  const twoDigits = (hour) => String(hour).padStart(2, "0");

  function start(root) {
    const agenda = root.querySelector("[data-agenda]");
    const grid = root.querySelector("[data-grid]");
    const panel = root.querySelector("[data-panel]");
    const announced = root.querySelector("[data-announced]");
    const isDay = root.dataset.view === "day";
    const changed = new Set();
    let opened = performance.now();
    const stopping = new AbortController();
    let calendar = null;
    let stream = null;
    let again = 0;
    let waiting = 0;
    let isReading = false;
    let isStale = false;
    let opener = null; // the key of the entry whose panel is open

    const entries = () => [...agenda.querySelectorAll("[data-key]")];
    const now = () => asLocal(new Date(asUtc(root.dataset.now).getTime() + performance.now() - opened));

    // The grid

    function shown(entry) {
      const { key, column, start, end } = entry.dataset;
      return { id: key, start, end, resourceIds: isDay ? [column] : [], title: "" };
    }

    function background(id, kind, start, end, resourceIds) {
      return { id, start, end, resourceIds, display: "background", classNames: [kind] };
    }

    function columns() {
      return [...agenda.querySelectorAll("[data-agenda-column]")];
    }

    function resources() {
      return columns().map((column) => ({ id: column.dataset.agendaColumn, title: column.dataset.title }));
    }

    function nowLine() {
      const from = now();
      const until = asLocal(new Date(asUtc(from).getTime() + 60000));
      return background("now", "now-line", from, until, resources().map((each) => each.id));
    }

    function moveNow() {
      calendar?.removeEventById("now");
      calendar?.addEvent(nowLine());
    }

    function closedTimes() {
      return columns().flatMap((column) =>
        (column.dataset.closed || "").split(" ").filter(Boolean).map((times, number) => {
          const [from, until] = times.split("/");
          const id = column.dataset.agendaColumn;
          return background(`closed-${id}-${number}`, "closed", from, until, isDay ? [id] : []);
        }));
    }

    function everything() {
      return [...closedTimes(), ...entries().map(shown), nowLine()];
    }

    function content({ event }) {
      const entry = agenda.querySelector(`[data-key="${CSS.escape(event.id)}"]`);
      if (!entry) return "";
      const copy = entry.cloneNode(true);
      copy.dataset.inGrid = "";
      copy.classList.toggle("changed", changed.has(event.id));
      copy.classList.toggle("open", opener === event.id);
      return { domNodes: [copy] };
    }

    function options() {
      const { date, from, until } = root.dataset;
      const clock = { hour: "2-digit", minute: "2-digit", hour12: false };
      return {
        view: isDay ? "resourceTimeGridDay" : "timeGridWeek",
        date,
        firstDay: 1,
        locale: "en-GB",
        headerToolbar: { start: "", center: "", end: "" },
        allDaySlot: false,
        slotMinTime: `${twoDigits(from)}:00:00`,
        slotMaxTime: `${twoDigits(until)}:00:00`,
        slotDuration: "00:30:00",
        slotHeight: SLOT_PIXELS,
        slotLabelInterval: "01:00:00",
        slotLabelFormat: clock,
        slotEventOverlap: false,
        scrollTime: `${twoDigits(from)}:00:00`,
        dayHeaderFormat: { weekday: "short", day: "numeric", month: "short" },
        columnWidth: isDay ? "minmax(8.5rem, 1fr)" : "minmax(7.5rem, 1fr)",
        resources: isDay ? resources() : [],
        events: everything(),
        eventContent: content,
        eventStartEditable: false,
        eventDurationEditable: false,
        dateClick: book,
        pointer: false,
      };
    }

    function book({ dateStr, resource }) {
      const [date, time] = dateStr.split("T");
      const asked = new URLSearchParams({ date, time: time.slice(0, 5) });
      const team = resource?.id ?? root.dataset.team;
      if (team === "classes") return visit(`${root.dataset.plan}?${asked}`);
      if (team) asked.set("team", team);
      visit(`${root.dataset.book}?${asked}`);
    }

    function visit(path) {
      const link = document.createElement("a");
      link.href = path;
      link.hidden = true;
      root.append(link);
      htmx.process(link);
      link.click();
    }

    async function arrange() {
      const wants = ROOM_FOR_A_GRID.matches && resources().length + Number(!isDay) > 0;
      if (wants && !calendar) {
        const made = await loaded(root).catch(() => null);
        if (!made || stopping.signal.aborted || calendar) return;
        grid.hidden = false;
        calendar = made.create(grid, options());
        // The library calls it a table, and then puts events beside its rows: to who listens to it,
        // it is the columns' titles and a group of links.
        for (const each of grid.querySelectorAll("[role], [aria-colindex]")) {
          for (const name of ["role", "aria-colindex"]) each.removeAttribute(name);
        }
        // An empty day scrolls, too, and has nothing in it that the keyboard would get to.
        grid.querySelector(".ec-main")?.setAttribute("tabindex", "0");
        toNow();
      }
      grid.hidden = !wants;
      agenda.classList.toggle("hidden-by-grid", wants);
      advise();
    }

    function advise() {
      root.querySelector("[data-hint]").hidden = grid.hidden || entries().length > 0;
    }

    // Today one begins to look at what is going on.
    function toNow() {
      const [date, time] = now().split("T");
      if (date < root.dataset.first || date > root.dataset.last) return;
      const main = grid.querySelector(".ec-main");
      const hours = Number(time.slice(0, 2)) - Number(root.dataset.from) - 1.5;
      if (main) main.scrollTop = Math.max(0, hours * 2 * SLOT_PIXELS);
    }

    // Changes

    function described(entry) {
      const copy = entry.cloneNode(true);
      copy.classList.remove("changed", "open");
      return copy.outerHTML;
    }

    function mark(key) {
      changed.add(key);
      setTimeout(() => {
        changed.delete(key);
        for (const each of root.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)) each.classList.remove("changed");
      }, HIGHLIGHT_MS);
    }

    function take(page) {
      const fresh = page.querySelector("[data-agenda]");
      if (!fresh) return location.reload(); // signed out, for one: the page says it
      root.dataset.now = page.querySelector("[data-calendar]").dataset.now;
      opened = performance.now();
      const before = new Map(entries().map((entry) => [entry.dataset.key, entry]));
      const said = [];
      const news = [...fresh.querySelectorAll("[data-key]")].filter((entry) => {
        const old = before.get(entry.dataset.key);
        if (old?.dataset.said !== entry.dataset.said) said.push(old ? entry.dataset.said : `New, ${entry.dataset.said}`);
        return !old || described(old) !== described(entry);
      });
      const focused = document.activeElement?.closest("[data-key]")?.dataset.key;
      for (const entry of news) mark(entry.dataset.key);
      agenda.replaceChildren(...fresh.childNodes);
      for (const key of changed) agenda.querySelector(`[data-key="${CSS.escape(key)}"]`)?.classList.add("changed");
      htmx.process(agenda);
      redraw(before, news);
      advise();
      reload();
      if (focused && !document.activeElement?.closest("[data-key]")) focus(focused);
      const parts = new Set(said);
      if (parts.size) announced.textContent = [...parts].join(". ");
    }

    function redraw(before, news) {
      if (!calendar) return;
      moveNow();
      const left = new Set(entries().map((entry) => entry.dataset.key));
      for (const key of before.keys()) if (!left.has(key)) calendar.removeEventById(key);
      for (const entry of news) {
        if (before.has(entry.dataset.key)) calendar.removeEventById(entry.dataset.key);
        calendar.addEvent(shown(entry));
      }
      if (isDay && calendar.getOption("resources").length !== resources().length) {
        calendar.setOption("resources", resources());
      }
    }

    function focus(key) {
      const places = [grid.hidden ? agenda : grid, agenda];
      for (const place of places) {
        const entry = place.querySelector(`[data-key="${CSS.escape(key)}"]`);
        if (entry) return entry.focus();
      }
    }

    async function read() {
      if (isReading) { isStale = true; return; }
      isReading = true;
      try {
        const answer = await fetch(location.href, { headers: { Accept: "text/html" }, signal: stopping.signal });
        if (answer.ok) take(new DOMParser().parseFromString(await answer.text(), "text/html"));
      } catch {
        // Without an answer the stream ends, too, and says so.
      } finally {
        isReading = false;
        if (isStale && !stopping.signal.aborted) { isStale = false; soon(); }
      }
    }

    function soon() {
      clearTimeout(waiting);
      waiting = setTimeout(read, TOGETHER_MS);
    }

    // Whatever is shown, or begins on a date that is shown, is read again.
    function concerns(appointment) {
      const { first, last, zone } = root.dataset;
      const date = new Date(appointment.start).toLocaleDateString("en-CA", { timeZone: zone });
      const isShown = agenda.querySelector(`[data-appointment="${CSS.escape(appointment.appointment_id)}"]`);
      return isShown || (first <= date && date <= last);
    }

    function tell(state, text) {
      const live = document.querySelector("[data-live]");
      if (!live) return;
      live.hidden = false;
      live.dataset.live = state;
      live.querySelector("[data-live-text]").textContent = text;
    }

    function listen() {
      clearTimeout(again);
      let wasLost = false;
      stream?.close();
      stream = new EventSource(root.dataset.changes);
      stream.onopen = () => {
        tell("on", "Live");
        if (wasLost) soon();
        wasLost = false;
      };
      stream.onmessage = (event) => {
        if (concerns(JSON.parse(event.data))) soon();
      };
      stream.onerror = () => {
        wasLost = true;
        tell("off", "Reconnecting…");
        if (stream.readyState === EventSource.CLOSED) again = setTimeout(() => { listen(); soon(); }, AGAIN_MS);
      };
    }

    // The panel

    function load(entry) {
      return htmx.ajax("GET", entry.getAttribute("href"), { target: panel, select: "#panel-content", swap: "innerHTML" });
    }

    // What is open is shown anew when its debit or payment is another, unless somebody is at its forms.
    function reload() {
      const entry = opener && agenda.querySelector(`[data-key="${CSS.escape(opener)}"]`);
      const shown = panel.querySelector("#panel-content[data-state]");
      if (!entry || !shown || entry.dataset.state === shown.dataset.state) return;
      if (panel.querySelector("form :focus, details[open] form")) return;
      isQuiet = true;
      load(entry);
    }

    async function open(entry) {
      opener = entry.dataset.key;
      panel.hidden = false;
      root.classList.add("with-panel");
      await load(entry);
      for (const each of root.querySelectorAll("[data-key]")) each.classList.toggle("open", each.dataset.key === opener);
    }

    function close() {
      if (panel.hidden) return;
      panel.hidden = true;
      panel.replaceChildren();
      root.classList.remove("with-panel");
      for (const each of root.querySelectorAll(".open")) each.classList.remove("open");
      const key = opener;
      opener = null;
      if (key) focus(key);
    }

    function clicked(event) {
      if (event.target.closest("[data-close-panel]") && panel.contains(event.target)) {
        event.preventDefault();
        event.stopPropagation();
        return close();
      }
      const entry = event.target.closest("a[data-key]");
      if (!entry || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
      if (entry.dataset.appointment && ROOM_FOR_A_PANEL.matches) {
        event.preventDefault();
        event.stopPropagation();
        open(entry);
      } else if ("inGrid" in entry.dataset) {
        event.preventDefault();
        visit(entry.getAttribute("href"));
      }
    }

    function pressed(event) {
      if (event.key === "Escape" && !panel.hidden) return close();
    }

    const { signal } = stopping;
    // Before htmx sees the click, which would lead to the page of the entry.
    root.addEventListener("click", clicked, { capture: true, signal });
    document.addEventListener("keydown", pressed, { signal });
    ROOM_FOR_A_GRID.addEventListener("change", arrange, { signal });
    window.addEventListener("pagehide", () => stream?.close(), { signal });
    window.addEventListener("pageshow", (event) => { if (event.persisted) { listen(); soon(); } }, { signal });
    for (const form of document.querySelectorAll("form[data-at-once]")) {
      form.addEventListener("change", () => form.reportValidity() && form.requestSubmit(), { signal });
    }
    const ticking = setInterval(moveNow, NOW_MS);
    arrange();
    listen();

    return {
      root,
      stop() {
        stopping.abort();
        clearInterval(ticking);
        clearTimeout(again);
        clearTimeout(waiting);
        stream?.close();
        if (calendar) window.EventCalendar.destroy(calendar);
      },
    };
  }

  function look() {
    const root = document.querySelector("[data-calendar]");
    if (current && current.root !== root) {
      current.stop();
      current = null;
    }
    if (root && !current) current = start(root);
  }

  // What was done in the panel, or refused, is where one goes on.
  function settled({ detail }) {
    if (detail.target?.id !== "panel") return;
    const wasQuiet = isQuiet;
    isQuiet = false;
    if (wasQuiet) return;
    const place = detail.target.querySelector("[role=alert], [role=status]") ?? detail.target.querySelector("h1");
    place?.setAttribute("tabindex", "-1");
    place?.focus({ preventScroll: true });
    detail.target.scrollTop = 0;
  }

  document.addEventListener("htmx:load", look);
  document.addEventListener("htmx:afterSettle", settled);
  return { look };
})();
window.punchcardCalendar.look();
