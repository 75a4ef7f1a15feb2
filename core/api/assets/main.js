// The page: signs in, asks every few seconds, shows.
import { held, overview, Refused } from "./asking.js";
import { heldTable } from "./held.js";
import { board, top } from "./panels.js";
import { arrive, signIn, signOut, token } from "./session.js";
import { forget } from "./telling.js";

const EVERY_MS = 4000;
let timer = 0;

const part = (id) => document.getElementById(id);

// Nothing of whoever was here stays in the document, and no open dialog lies over the door.
function atTheDoor(why = "") {
  clearTimeout(timer);
  forget();
  part("decide").close();
  part("board").hidden = part("out").hidden = true;
  part("door").hidden = false;
  part("refused").textContent = why;
  part("state").className = "pill";
  part("state").textContent = "signed out";
  part("why").textContent = part("fresh").textContent = part("who").textContent = "";
  part("token").focus();
}

async function look() {
  clearTimeout(timer);
  const asked = token();
  try {
    const [seen, page] = await Promise.all([overview(), held()]);
    // Whoever has signed out meanwhile, or come in as somebody else, is not shown it.
    if (token() !== asked) return;
    part("door").hidden = true;
    part("board").hidden = part("out").hidden = false;
    top(seen);
    board(seen);
    heldTable(page, seen.at, seen.who.scopes.includes("exceptions:decide"), look);
  } catch (error) {
    if (token() !== asked) return;
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
  atTheDoor();
});
document.addEventListener("visibilitychange", () => !document.hidden && token() && look());

arrive();
if (token()) look();
else atTheDoor();
