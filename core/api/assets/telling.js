// Numbers and moments as people read them, and elements made without markup: what is shown is always text.
const numbers = new Intl.NumberFormat("en");
const shorts = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const figures = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

export const count = (value) => numbers.format(value);
export const figure = (value) => figures.format(value);
export const short = (value) => shorts.format(value);
export const words = (name) => name.replaceAll("_", " ");

export function duration(us) {
  const seconds = us / 1e6;
  if (seconds < 1) return `${Math.round(us / 1000)} ms`;
  if (seconds < 10) return `${figure(seconds)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86400) return both(seconds, 3600, "h", 60, "min");
  return both(seconds, 86400, "d", 3600, "h");
}

function both(seconds, large, name, small, rest) {
  const left = Math.floor((seconds % large) / small);
  return `${Math.floor(seconds / large)} ${name}${left ? ` ${left} ${rest}` : ""}`;
}

export const ago = (at, now) => (at ? `${duration(Math.max(0, now - at))} ago` : "never");
export const clock = (at) => new Date(at / 1000).toLocaleTimeString("en-GB");

export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "class") element.className = value;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== null && value !== false) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const pill = (text, mood = "") => make("span", { class: `pill ${mood}` }, text);

// columns: [title, cell of a row, class]; cells are text or elements.
export function table(columns, rows, nothing) {
  if (!rows.length) return make("p", { class: "empty" }, nothing);
  const head = columns.map(([title, , kind]) => make("th", { scope: "col", class: kind ?? "" }, title));
  const body = rows.map((row) => make("tr", {}, ...columns.map(([title, cell, kind]) => make("td", { class: kind ?? "", "data-title": title }, cell(row) ?? ""))));
  return make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...body));
}

export function meter(used, most) {
  const share = most ? Math.min(1, used / most) : 0;
  const mood = share >= 0.9 ? "bad" : share >= 0.7 ? "warn" : "";
  const bar = make("span");
  bar.style.width = `${share * 100}%`;
  return make("span", { class: `meter ${mood}`, role: "img", "aria-label": `${Math.round(share * 100)} % used` }, bar);
}

// What has not changed is left alone: whoever reads or tabs through it keeps the place.
const shown = new Map();
export function show(id, data, draw) {
  const key = JSON.stringify(data);
  if (shown.get(id) === key) return;
  shown.set(id, key);
  const place = document.getElementById(id), at = document.activeElement;
  const mark = place.contains(at) && (at.hasAttribute("aria-label") ? `[aria-label="${CSS.escape(at.getAttribute("aria-label"))}"]` : at.localName);
  const unfolded = place.querySelector("details")?.open;
  place.replaceChildren(draw(data));
  if (unfolded) place.querySelector("details")?.setAttribute("open", "");
  // Drawn anew it has the focus again; what is gone leaves it to the heading above, not to the top of the page.
  if (mark) (place.querySelector(mark) ?? place.closest("section").querySelector("[tabindex]"))?.focus();
}

export function forget() {
  for (const id of shown.keys()) document.getElementById(id).replaceChildren();
  shown.clear();
}
