// What all pages of the back office share. Each part starts on `htmx:load`: for the first page, and
// for what is swapped in.

// A click elsewhere, or Escape, closes an open menu.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// After a page was swapped in, the keyboard and the screen reader go on at its content.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.boosted && event.detail.target === document.body) {
    document.getElementById("content")?.focus({ preventScroll: true });
  }
});

// Where one went last counts, as without scripts: a page that was asked for before, and comes after,
// is not shown.
let latest;
const isPage = (detail) => detail.boosted && detail.target === document.body;
document.addEventListener("htmx:beforeSend", (event) => {
  if (isPage(event.detail)) latest = event.detail.xhr;
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (isPage(event.detail) && event.detail.xhr !== latest) event.preventDefault();
});

// Where tabs or the navigation scroll sideways, the one that is open is in view.
document.addEventListener("htmx:load", () => {
  for (const strip of document.querySelectorAll(".tabs, .side")) {
    const open = strip.querySelector("[aria-current]");
    if (open) strip.scrollLeft = open.offsetLeft + open.offsetWidth / 2 - strip.clientWidth / 2;
  }
});

// A button that was pressed says that it works on it, and is not pressed twice.
document.addEventListener("htmx:beforeRequest", (event) => {
  const button = event.detail.requestConfig.triggeringEvent?.submitter;
  if (button) button.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", (event) => {
  const button = event.detail.requestConfig.triggeringEvent?.submitter;
  if (button) button.removeAttribute("aria-busy");
});

// Without an answer the page says so, and keeps what was typed.
document.addEventListener("htmx:sendError", () => {
  const content = document.getElementById("content");
  if (!content || content.querySelector("[data-offline]")) return;
  const note = document.createElement("p");
  note.className = "alert bad";
  note.setAttribute("role", "alert");
  note.dataset.offline = "";
  note.textContent = "The server does not answer. What you typed is still here: try again.";
  content.prepend(note);
});

// What was typed into a search before its scripts had begun is looked for then.
document.addEventListener("htmx:load", ({ detail }) => {
  for (const form of detail.elt.querySelectorAll(".picker-form")) {
    const field = form.querySelector("input[type=search]");
    const isTyped = field.value !== field.defaultValue && field.checkValidity();
    if (isTyped) form.requestSubmit();
  }
});
