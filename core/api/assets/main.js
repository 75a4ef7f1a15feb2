// The page: signs in, asks every few seconds, shows.
import { held, overview, Refused } from "./asking.js";
import { heldTable } from "./held.js";
import { board, top } from "./panels.js";
import { arrive, signIn, signOut, token } from "./session.js";
import { forget } from "./telling.js";

const EVERY_MS = 4000;
let timer = 0;

const part = (id) => document.getElementById(id);

function atTheDoor(why = "") {
  clearTimeout(timer);
  part("board").hidden = part("out").hidden = true;
  part("door").hidden = false;
  part("refused").textContent = why;
  part("state").className = "pill";
  part("state").textContent = "signed out";
  part("why").textContent = part("fresh").textContent = "";
  part("token").focus();
}

async function look() {
  clearTimeout(timer);
  try {
    const [seen, page] = await Promise.all([overview(), held()]);
    part("door").hidden = true;
    part("board").hidden = part("out").hidden = false;
    top(seen);
    board(seen);
    heldTable(page, seen.at, look);
  } catch (error) {
    if (error instanceof Refused && (error.status === 401 || error.status === 403)) {
      signOut();
      atTheDoor(error.message);
      return;
    }
    part("state").className = "pill bad";
    part("state").textContent = error instanceof Refused ? "Down" : "The core does not answer";
    part("why").textContent = error.message;
  }
  // A page that nobody sees asks nothing.
  if (!document.hidden) timer = setTimeout(look, EVERY_MS);
}

part("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  signIn(part("token").value.trim());
  part("token").value = "";
  look();
});
part("out").addEventListener("click", () => {
  signOut();
  forget();
  atTheDoor();
});
document.addEventListener("visibilitychange", () => !document.hidden && token() && look());

arrive();
if (token()) look();
else atTheDoor();
