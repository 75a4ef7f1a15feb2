// The last hour in inline SVG: bars of what was done, lines of what waits.
import { count, figure, make } from "./telling.js";

const WIDTH = 460, HEIGHT = 130, LEFT = 38, RIGHT = 6, TOP = 8, BOTTOM = 20;
const HOUR = 3600e6;
const SPACE = "http://www.w3.org/2000/svg";

function drawn(name, attributes = {}, text) {
  const element = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

// The next number of the form 1, 2 or 5 times a power of ten: a top that reads well.
function roundTop(value) {
  if (value <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((top) => top >= value);
}

function frame(most, label, span) {
  const top = roundTop(most);
  const svg = drawn("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label });
  const y = (value) => TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM);
  for (const value of [0, top / 2, top]) {
    svg.append(drawn("line", { class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: y(value), y2: y(value) }));
    svg.append(drawn("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, count(value)));
  }
  const x = (back) => LEFT + (1 - back / span) * (WIDTH - LEFT - RIGHT);
  for (const share of [1, 0.5, 0]) {
    const text = share ? `−${figure((share * span) / 60e6)} min` : "now";
    svg.append(drawn("text", { x: x(share * span), y: HEIGHT - 4, "text-anchor": share === 1 ? "start" : share ? "middle" : "end" }, text));
  }
  return { svg, x, y };
}

// At least five minutes, at most an hour: a deployment that just came up is not squeezed into a corner.
export function reach(samples, now) {
  const first = samples.length ? now - samples[0].at : 0;
  return [5, 10, 20, 30, 60].map((minutes) => minutes * 60e6).find((span) => span >= first) ?? HOUR;
}

export function bars(samples, now) {
  const span = reach(samples, now), width = span / 30;
  const slots = Array.from({ length: 30 }, () => ({ done: 0, missed: 0 }));
  for (const sample of samples) {
    const slot = Math.floor((now - sample.at) / width);
    if (slot >= 0 && slot < 30) {
      slots[slot].done += sample.done;
      slots[slot].missed += sample.missed;
    }
  }
  const minute = 60e6 / width;
  const most = Math.max(...slots.map((slot) => (slot.done + slot.missed) * minute));
  const { svg, x, y } = frame(most, "Transactions done a minute over the last hour", span);
  slots.forEach(({ done, missed }, back) => {
    const left = x((back + 1) * width) + 1, wide = x(back * width) - left - 1;
    const rows = [["main", 0, done * minute], ["missed", done * minute, missed * minute]];
    for (const [kind, from, size] of rows) {
      if (!size) continue;
      const bar = drawn("rect", { class: kind, x: left, width: wide, y: y(from + size), height: y(from) - y(from + size), rx: 1.5 });
      bar.append(drawn("title", {}, `${figure(size)} a minute ${kind === "main" ? "done in time" : "late"}`));
      svg.append(bar);
    }
  });
  return make("div", {}, svg, legend([["", "in time"], ["third", "missed their moment"]]));
}

// lines: [class, title, value of a sample]
export function lines(samples, now, series, label) {
  const span = reach(samples, now);
  const most = Math.max(0, ...samples.flatMap((sample) => series.map(([, , value]) => value(sample))));
  const { svg, x, y } = frame(most, label, span);
  series.forEach(([kind, , value], index) => {
    const points = samples.map((sample) => `${x(now - sample.at).toFixed(1)},${y(value(sample)).toFixed(1)}`);
    if (!points.length) return;
    if (!index) {
      const from = x(now - samples[0].at), to = x(now - samples.at(-1).at);
      svg.append(drawn("polygon", { class: "area", points: `${from},${y(0)} ${points.join(" ")} ${to},${y(0)}` }));
    }
    svg.append(drawn("polyline", { class: `line ${kind}`, points: points.join(" ") }));
  });
  return make("div", {}, svg, series.length > 1 ? legend(series) : null);
}

const legend = (series) => make("div", { class: "legend" }, ...series.map(([kind, title]) => make("span", {}, make("i", { class: kind }), title)));
