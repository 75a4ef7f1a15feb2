// The exception queue, and what an operator decides about it: each with a reason, each once.
import { decide, freshKey } from "./asking.js";
import { ago, count, make, show, table, words } from "./telling.js";

const DECISIONS = [
  ["release", "Release", "It goes on with the step where it was held."],
  ["skip", "Skip step", "The step was done by hand: it goes on with the next."],
  ["undo", "Take back", "Exactly the steps that are done are taken back, backwards, each once."],
  ["abandon", "Give up", "It was dealt with by hand; later news does not open it again."],
];

// may: whether whoever is at the page may decide; who may not is offered nothing.
export function heldTable(page, now, may, after) {
  document.getElementById("held-count").textContent = page.next ? `the oldest ${count(page.items.length)}` : count(page.items.length);
  show("held-table", { items: page.items, may, at: Math.floor(now / 60e6) }, ({ items }) =>
    table(
      [
        ["Number", (t) => `#${t.id}`, "tight"],
        ["Transaction", (t) => make("div", {}, make("strong", {}, t.label || t.key), make("div", { class: "quiet" }, `${words(t.queue)}${t.done.length ? `, after ${words(t.done.at(-1))}` : ""}`))],
        ["Owner", (t) => t.owner],
        ["Reason", (t) => make("span", {}, t.error, t.held_by ? make("span", { class: "quiet" }, ` · held by ${t.held_by}`) : null), "reason"],
        ["Since", (t) => ago(t.due_at, now), "number"],
        ["Tries", (t) => count(t.attempts), "number"],
        ...(may ? [["", (t) => actions(t, after)]] : []),
      ],
      items,
      "Nothing is held.",
    ),
  );
}

const actions = (t, after) =>
  make("div", { class: "actions" }, ...DECISIONS.map((decision, n) => make("button", { type: "button", class: n ? "plain" : "", "aria-label": `${decision[1]} #${t.id}`, onclick: () => ask(t, decision, after) }, decision[1])));

function ask(task, [verb, title, meaning], after) {
  const dialog = document.getElementById("decide"), form = document.getElementById("decision");
  const reason = document.getElementById("reason"), confirm = document.getElementById("confirm");
  const trouble = document.getElementById("decide-error"), key = freshKey();
  document.getElementById("decide-title").textContent = `${title}: ${task.label || task.key}`;
  document.getElementById("decide-what").textContent = meaning;
  confirm.textContent = title;
  trouble.textContent = reason.value = "";
  document.getElementById("cancel").onclick = () => dialog.close();
  form.onsubmit = async (event) => {
    event.preventDefault();
    confirm.disabled = true;
    try {
      await decide(task.id, verb, reason.value, key);
      dialog.close();
      after();
    } catch (error) {
      trouble.textContent = error.message;
    } finally {
      confirm.disabled = false;
    }
  };
  dialog.showModal();
  reason.focus();
}
