// Who is at the page: a bearer token, kept for this tab only. The one place that knows how people sign in.
const KEY = "tieout.token";

// `tieout up` prints an address with the token behind "#", which no server is sent and no log keeps.
export function arrive() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    sessionStorage.setItem(KEY, given);
    history.replaceState(null, "", location.pathname);
  }
}

export const token = () => sessionStorage.getItem(KEY);
export const signIn = (given) => sessionStorage.setItem(KEY, given);
export const signOut = () => sessionStorage.removeItem(KEY);
