// Questions to the core's own API, with the token of whoever is at the page.
import { token } from "./session.js";

export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

async function ask(path, options = {}) {
  const answer = await fetch(path, {
    ...options,
    cache: "no-store",
    headers: { authorization: `Bearer ${token()}`, accept: "application/json", ...options.headers },
  });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, body.detail || body.title || `answer ${answer.status}`);
  return body;
}

export const overview = () => ask("/v1/operations/overview");
export const held = () => ask("/v1/exceptions?limit=50");

// A key of its own for each decision: sent again after a broken line it is decided once.
export function decide(number, verb, reason, key) {
  return ask(`/v1/exceptions/${number}/${verb}`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify({ reason }),
  });
}

export function freshKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
