// What the overview says, panel by panel.
import { bars, lines } from "./charts.js";
import { ago, clock, count, duration, figure, make, meter, pill, short, show, table, words } from "./telling.js";

const MOODS = { up: "good", degraded: "warn", down: "bad" };
const SEVERITIES = { high: "bad", medium: "warn", low: "" };
const STATES = { done: "good", running: "", failed: "bad" };

const total = (seen, name) => seen.flows.reduce((sum, flow) => sum + flow[name], 0);
const alarms = (seen) => seen.flows.filter((flow) => flow.alarms.length).length;

export function top(seen) {
  const state = document.getElementById("state");
  const held = total(seen, "held"), ringing = alarms(seen);
  // That every part answers is not yet that nobody is needed.
  const needed = [held ? `${count(held)} held` : "", ringing ? `${count(ringing)} burning` : ""].filter(Boolean).join(", ");
  const asks = seen.state === "up" && needed;
  state.className = `pill ${asks ? "warn" : MOODS[seen.state]}`;
  state.textContent = asks ? needed : { up: "All is well", degraded: "Degraded", down: "Down" }[seen.state];
  const troubles = seen.dependencies.filter((each) => each.state !== "up");
  document.getElementById("why").textContent = troubles.map((each) => `${each.name}: ${each.why}`).join(" · ");
  document.getElementById("fresh").textContent = `as of ${clock(seen.at)}`;
  document.getElementById("who").textContent = seen.who.name;
}

export function board(seen) {
  const minute = (us) => Math.round(us / 60e6) * 60e6;
  show("tiles", tilesOf(seen), (tiles) => {
    const parts = document.createDocumentFragment();
    for (const [title, value, under, mood] of tiles) {
      parts.append(make("div", { class: "tile" }, make("p", { class: "quiet" }, title), make("p", { class: `figure ${mood}` }, value), make("p", { class: "quiet" }, under)));
    }
    return parts;
  });
  show("chart-done", seen.samples, (samples) => bars(samples, seen.at));
  const open = [["", "waiting or in hand", (s) => s.waiting + s.in_hand], ["second", "tried again", (s) => s.again], ["third", "held", (s) => s.held]];
  show("chart-open", seen.samples, (samples) => lines(samples, seen.at, open, "Open tasks over the last hour"));
  show("chart-lag", seen.samples, (samples) => lines(samples, seen.at, [["", "lag", (s) => s.overdue_us / 1e6]], "Lag over the last hour, seconds"));
  show("flows", seen.flows, flows);
  show("vendors", seen.vendors, vendors);
  show("processes", seen.processes.map((each) => ({ ...each, heard: minute(seen.at - each.said_at), up: minute(seen.at - each.since) })), processes);
  show("jobs", { jobs: seen.jobs, at: minute(seen.at) }, ({ jobs }) => jobsTable(jobs, seen.at));
  show("controls", seen.reconciliation.controls, controls);
  document.getElementById("reconciled").textContent = seen.reconciliation.at ? ago(seen.reconciliation.at, seen.at) : "";
  show("alerts", seen.alerts, alerts);
}

function tilesOf(seen) {
  const sum = (name) => total(seen, name);
  const hour = (name) => seen.flows.reduce((sum, flow) => sum + (flow.windows["60m"]?.[name] ?? 0), 0);
  const ringing = alarms(seen);
  const done = hour("good"), bad = hour("bad"), held = sum("held"), again = sum("again");
  const five = seen.flows.reduce((sum, flow) => sum + flow.windows["5m"].good + flow.windows["5m"].bad, 0);
  return [
    ["Done", count(done), `last hour; now ${figure(five / 5)} a minute`, ""],
    ["Late", count(bad), "in the last hour", bad ? "bad" : ""],
    ["Open", count(sum("waiting") + sum("in_hand")), `${count(sum("in_hand"))} in hand`, ""],
    ["Tried again", count(again), "failed, will be retried", again ? "warn" : ""],
    ["Held", count(held), "for a person", held ? "bad" : ""],
    ["Lag", seen.overdue_us ? duration(seen.overdue_us) : "none", "the oldest due task", seen.overdue_us > 60e6 ? "warn" : ""],
    ["Outbox", count(seen.outbox), "messages not gone out", ""],
    ["Alarms", count(ringing), "objectives that burn", ringing ? "bad" : ""],
  ];
}

const rate = (flow, window) => {
  const value = (flow.windows[window]?.burn_per_mille ?? 0) / 1000;
  return make("span", { class: value >= 6 ? "bad" : value >= 1 ? "warn" : "" }, figure(value));
};

// Flows in which nothing happened and nothing waits are folded away.
function flows(rows) {
  const busy = rows.filter((f) => f.waiting + f.in_hand + f.held + f.alarms.length + f.windows["360m"].good + f.windows["360m"].bad);
  const still = rows.filter((f) => !busy.includes(f));
  const rest = make("details", {}, make("summary", {}, `${count(still.length)} flows at rest for six hours`), flowTable(still));
  return make("div", {}, flowTable(busy), still.length ? rest : null);
}

const flowTable = (rows) =>
  table(
    [
      ["Flow", (f) => make("div", {}, words(f.flow), make("div", { class: "quiet" }, f.owner))],
      ["Within", (f) => duration(f.objective_minutes * 60e6), "number"],
      ["Open", (f) => count(f.waiting + f.in_hand), "number"],
      ["Held", (f) => (f.held ? make("span", { class: "bad" }, count(f.held)) : "0"), "number"],
      ["In time, 6 h", (f) => share(f.windows["360m"]), "number"],
      ["Burn 5 min", (f) => rate(f, "5m"), "number"],
      ["1 h", (f) => rate(f, "60m"), "number"],
      ["6 h", (f) => rate(f, "360m"), "number"],
      ["Alarm", (f) => (f.alarms.length ? pill(f.alarms.join(", "), "bad") : pill("none", "good")), "tight"],
    ],
    rows,
    "Nothing happened in the last six hours.",
  );

function share(window) {
  const total = window.good + window.bad;
  return total ? `${count(window.good)} of ${count(total)}` : "–";
}

const vendors = (rows) =>
  table(
    [
      ["Vendor", (v) => v.system],
      ["State", (v) => make("span", { title: v.why }, pill({ up: "answers", degraded: "slowed", down: "away" }[v.state], MOODS[v.state])), "tight"],
      ["Calls, 1 min", (v) => calls(v), "number"],
      ["95 % within", (v) => (v.slow_us ? duration(v.slow_us) : "–"), "number"],
      ["A second", (v) => used((v.ok + v.fail + v.info) / 60, v.per_second && (v.per_second * v.per_mille) / 1000), "tight"],
      ["At once", (v) => used(v.running, v.at_once), "tight"],
      ["Today", (v) => used(v.today, v.per_day), "tight"],
      ["Waiting", (v) => count(v.waiting), "number"],
    ],
    rows,
    "No process has said anything of its vendors yet.",
  );

function calls(v) {
  const bad = v.fail + v.info;
  return make("span", {}, count(v.ok + bad), bad ? make("span", { class: "bad" }, ` (${count(bad)} not ok)`) : null);
}

const used = (now, most) => (most ? make("span", {}, meter(now, most), `${figure(now)} / ${short(most)}`) : make("span", { class: "quiet" }, "no limit"));

const processes = (rows) =>
  table(
    [
      ["Process", (p) => p.name],
      ["", (p) => p.role],
      ["State", (p) => pill(p.alive ? "alive" : "silent", p.alive ? "good" : "bad")],
      ["Up for", (p) => (p.alive ? duration(Math.max(60e6, p.up)) : `last heard ${duration(p.heard)} ago`), "number"],
    ],
    rows,
    "Nobody has said anything yet.",
  );

const jobsTable = (rows, now) =>
  table(
    [
      ["Job", (j) => words(j.name)],
      ["State", (j) => make("span", { title: j.result }, pill(j.state, STATES[j.state] ?? ""))],
      ["Began", (j) => ago(j.began_at, now), "number"],
      ["Took", (j) => (j.ended_at ? duration(j.ended_at - j.began_at) : "–"), "number"],
      ["By", (j) => j.by],
    ],
    rows,
    "None has run yet.",
  );

const controls = (rows) =>
  table(
    [
      ["Control", (c) => make("div", {}, c.control, make("div", { class: "quiet" }, c.between.join(" and ")))],
      ["Owner", (c) => c.owner],
      ["Exceptions", (c) => (c.error ? "–" : count(c.findings)), "number"],
      ["Mended", (c) => (c.error ? "–" : count(c.mended)), "number"],
      ["", (c) => (c.error ? make("span", { title: c.error }, pill("not run", "bad")) : c.findings > c.mended ? pill("look", "warn") : pill("agrees", "good")), "tight"],
    ],
    rows,
    "Not run yet; job “reconciliation” runs it, at night by itself where the model has one.",
  );

const alerts = (rows) =>
  table(
    [
      ["When", (a) => clock(a.at), "tight"],
      ["", (a) => pill(a.severity, SEVERITIES[a.severity] ?? "")],
      ["What", (a) => make("div", {}, make("strong", {}, words(a.subject)), ` ${a.text}`, make("span", { class: "quiet" }, ` · ${a.process}`)), "reason"],
    ],
    rows,
    "None.",
  );
