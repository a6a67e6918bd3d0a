// The grid of the calendar, drawn of its agenda: what an entry says there, its block says here.

window.punchcardGrid ??= (() => {
  const NOW_MS = 20000;
  const SLOT_PIXELS = 40; // half an hour

  // The parts of the library, once for all pages.
  let library = null;
  function loaded({ libraryStyle, library: path }) {
    library ??= new Promise((resolve, reject) => {
      const style = document.createElement("link");
      style.rel = "stylesheet";
      style.href = libraryStyle;
      const script = document.createElement("script");
      script.src = path;
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
  const onTheHour = (hour) => `${String(hour).padStart(2, "0")}:00:00`;

  // `marked(key)` returns the classes of a block beside its own, `book(date, time, column)` is called
  // for a click on a free time.
  return function gridOf(root, { marked, book }) {
    const agenda = root.querySelector("[data-agenda]");
    const place = root.querySelector("[data-grid]");
    const isDay = root.dataset.view === "day";
    let calendar = null;
    let hasEnded = false;
    let told = performance.now(); // when the page said what time it is

    const columns = () => [...agenda.querySelectorAll("[data-agenda-column]")];
    const resources = () =>
      columns().map(({ dataset }) => ({ id: dataset.agendaColumn, title: dataset.title }));

    function now() {
      return asLocal(new Date(asUtc(root.dataset.now).getTime() + performance.now() - told));
    }

    function shown({ dataset: { key, column, start, end } }) {
      return { id: key, start, end, resourceIds: isDay ? [column] : [], title: "" };
    }

    function background(id, kind, start, end, resourceIds) {
      return { id, start, end, resourceIds, display: "background", classNames: [kind] };
    }

    function nowLine() {
      const from = now();
      const until = asLocal(new Date(asUtc(from).getTime() + 60000));
      return background("now", "now-line", from, until, resources().map((each) => each.id));
    }

    function closedTimes() {
      return columns().flatMap(({ dataset: { closed, agendaColumn } }) =>
        (closed || "").split(" ").filter(Boolean).map((times, number) => {
          const [from, until] = times.split("/");
          const id = `closed-${agendaColumn}-${number}`;
          return background(id, "closed", from, until, isDay ? [agendaColumn] : []);
        }));
    }

    function content({ event }) {
      const entry = agenda.querySelector(`[data-key="${CSS.escape(event.id)}"]`);
      if (!entry) return "";
      const copy = entry.cloneNode(true);
      copy.dataset.inGrid = "";
      copy.classList.remove("changed", "open");
      copy.classList.add(...marked(event.id));
      return { domNodes: [copy] };
    }

    function options() {
      const { date, from, until } = root.dataset;
      const entries = [...agenda.querySelectorAll("[data-key]")];
      return {
        view: isDay ? "resourceTimeGridDay" : "timeGridWeek",
        date,
        firstDay: 1,
        locale: "en-GB",
        headerToolbar: { start: "", center: "", end: "" },
        allDaySlot: false,
        slotMinTime: onTheHour(from),
        slotMaxTime: onTheHour(until),
        slotDuration: "00:30:00",
        slotHeight: SLOT_PIXELS,
        slotLabelInterval: "01:00:00",
        slotLabelFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
        slotEventOverlap: false,
        scrollTime: onTheHour(from),
        dayHeaderFormat: { weekday: "short", day: "numeric", month: "short" },
        columnWidth: isDay ? "minmax(8.5rem, 1fr)" : "minmax(7.5rem, 1fr)",
        resources: isDay ? resources() : [],
        events: [...closedTimes(), ...entries.map(shown), nowLine()],
        eventContent: content,
        eventStartEditable: false,
        eventDurationEditable: false,
        dateClick: ({ dateStr, resource }) => {
          const [day, time] = dateStr.split("T");
          book(day, time.slice(0, 5), resource?.id);
        },
      };
    }

    function create(EventCalendar) {
      place.hidden = false;
      calendar = EventCalendar.create(place, options());
      // The library calls it a table, and then puts events beside its rows: to who listens to it,
      // it is the columns' titles and a group of links.
      for (const each of place.querySelectorAll("[role], [aria-colindex]")) {
        for (const name of ["role", "aria-colindex"]) each.removeAttribute(name);
      }
      // An empty day scrolls, too, and has nothing in it that the keyboard would get to.
      place.querySelector(".ec-main")?.setAttribute("tabindex", "0");
      scrollToNow();
    }

    // Today one begins to look at what is going on.
    function scrollToNow() {
      const [date, time] = now().split("T");
      if (date < root.dataset.first || date > root.dataset.last) return;
      const main = place.querySelector(".ec-main");
      const hours = Number(time.slice(0, 2)) - Number(root.dataset.from) - 1.5;
      if (main) main.scrollTop = Math.max(0, hours * 2 * SLOT_PIXELS);
    }

    function moveNow() {
      calendar?.removeEventById("now");
      calendar?.addEvent(nowLine());
    }

    const ticking = setInterval(moveNow, NOW_MS);

    return {
      // Return whether there is a grid to look at: without team members a day has no columns.
      async show() {
        if (isDay && !resources().length) return false;
        if (!calendar) {
          const EventCalendar = await loaded(root.dataset).catch(() => null);
          if (!EventCalendar || hasEnded) return false;
          if (!calendar) create(EventCalendar);
        }
        place.hidden = false;
        return true;
      },

      hide() {
        place.hidden = true;
      },

      // Take over what changed in the agenda: `news` are its new and other entries, `gone` are keys.
      redraw(news, gone) {
        told = performance.now();
        if (!calendar) return;
        moveNow();
        for (const key of gone) calendar.removeEventById(key);
        for (const entry of news) {
          calendar.removeEventById(entry.dataset.key);
          calendar.addEvent(shown(entry));
        }
        if (isDay && calendar.getOption("resources").length !== resources().length) {
          calendar.setOption("resources", resources());
        }
      },

      end() {
        hasEnded = true;
        clearInterval(ticking);
        if (calendar) window.EventCalendar.destroy(calendar);
      },
    };
  };
})();
