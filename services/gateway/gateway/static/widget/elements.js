/** Making elements and icons. What the API answers is only ever set as text, never as markup. */

/**
 * Make an element: `h("p.small", { role: "status" }, "Done")`; without a name it is a div.
 * Attributes that are null, undefined or false are left out, `on…` listens. Children that are no
 * nodes become text, whatever they say; those that are null, undefined or false are left out too.
 */
export function h(name, given = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const made = document.createElement(tag || "div");
  if (classes.length) made.className = classes.join(" ");
  for (const [key, value] of Object.entries(given)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "value") made.value = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(2).filter((one) => one !== false && (one ?? null) !== null));
  return made;
}

/** Lines on a ground of 24 by 24, in the colour of the text around them. */
const ICONS = {
  back: "M15 18l-6-6 6-6",
  go: "M9 18l6-6-6-6",
  minus: "M5 12h14",
  plus: "M12 5v14M5 12h14",
  cross: "M6 6l12 12M18 6L6 18",
  check: "M5 12.5l4.5 4.5L19 7",
  ticket: "M3 9V6a1 1 0 011-1h16a1 1 0 011 1v3a3 3 0 000 6v3a1 1 0 01-1 1H4a1 1 0 01-1-1v-3a3 3 0 000-6zM14 5v14",
  clock: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5l3 2",
  user: "M12 4a4 4 0 100 8 4 4 0 000-8zM4 20c1.5-3.5 4.5-5 8-5s6.5 1.5 8 5",
  users: "M9 5a3.5 3.5 0 100 7 3.5 3.5 0 000-7zM2.5 19c1-3 3.5-4.5 6.5-4.5s5.5 1.5 6.5 4.5M16 5.5a3.2 3.2 0 010 6.2M18 14.8c1.700.7 2.900 2.100 3.5 4.200",
  calendar: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
  info: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 11v5M12 8v.01",
  warning: "M12 4L2.5 20h19zM12 10v4M12 17v.01",
  card: "M3 6h18v12H3zM3 10h18",
  wait: "M12 3a9 9 0 019 9",
};

const SPACE = "http://www.w3.org/2000/svg";

/** Draw an icon. Readers of the page are not told of it: beside it are words, or a label. */
export function icon(name, { spins = false } = {}) {
  const svg = document.createElementNS(SPACE, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  if (spins) svg.classList.add("spin");
  const path = document.createElementNS(SPACE, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}
