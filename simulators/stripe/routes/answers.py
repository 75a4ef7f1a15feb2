"""What all handlers share: reading parameters, rendering one object, a page, a search result."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from simulators.kit.table import Call, Reply, json_reply
from simulators.stripe.routes.billing.included import INCLUDED, included
from simulators.stripe.rules.mode import Mode
from simulators.stripe.rules.refusals import Refused, add_hint, no_such
from simulators.stripe.rules.search import Look, counted, found, parse
from simulators.stripe.rules.shelf import ALL, Key, Page, R, Shelf
from simulators.stripe.wire.expansion import checked, expanded
from simulators.stripe.wire.forms import F, Invalid, read
from simulators.stripe.wire.funds import bank_account
from simulators.stripe.wire.params import Bounds, Listing, Search
from simulators.stripe.wire.parties import customer_tax
from simulators.stripe.wire.shapes import listed, shape

L = TypeVar("L", bound=Listing)
# What a search counts when it is asked to.
_TOTAL = "total_count"


class _Secret(Protocol):
    client_secret: str


S = TypeVar("S", bound=_Secret)


def taken(model: type[F], call: Call, kind: str, *, many: bool = False) -> F:
    """The call's parameters; Invalid if they, or what they want expanded, make no sense."""
    form = read(model, call)
    if form.expand:
        checked([p for p in form.expand if p != _TOTAL or model is not Search], kind, many=many)
    return form


def one(mode: Mode, record: Any, expand: Sequence[str] = ()) -> Reply:
    """One object."""
    return drawn(mode, shape(record, mode.clock.now()), expand)


def drawn(mode: Mode, answer: dict[str, Any], expand: Sequence[str] = ()) -> Reply:
    """An answer already shaped, with what is wanted expanded."""
    if expand:
        expanded(answer, expand, resolver(mode))
    return json_reply(200, answer)


def page(
    mode: Mode,
    shelf: Shelf[R],
    form: Listing,
    call: Call,
    what: str,
    key: Key = ALL,
    keep: Callable[[R], bool] | None = None,
    since: int | None = None,
    joined: Sequence[Key] = (),
    draw: Callable[[Any, int], dict[str, Any]] = shape,
) -> Reply:
    """A page of a list, newest first. what: the object in words; since: unix second, nothing older;
    joined: lists to be read as one, instead of `key`; draw: its objects, where shape does not."""
    _cursors(shelf, form, what)
    low, high = _window(form, since)
    wish = Page(form.limit, form.starting_after, form.ending_before, low, high)
    records, more = shelf.joined(joined, wish) if joined else shelf.page(key, wish, keep)
    now = mode.clock.now()
    return drawn(mode, listed(call.path, [draw(r, now) for r in records], more), form.expand)


def _cursors(shelf: Shelf[R], form: Listing, what: str) -> None:
    for name in ("starting_after", "ending_before"):
        cursor = getattr(form, name)
        if cursor and shelf.get(cursor) is None:
            raise no_such(what, cursor, name)
    if form.starting_after and form.ending_before:
        raise Invalid("Received both starting_after and ending_before parameters. Please pass in only one.")


def search(
    mode: Mode, shelf: Shelf[R], form: Search, call: Call, fields: Mapping[str, str], look: Look
) -> Reply:
    """A page of a search result; `next_page` names the next."""
    clauses, every = parse(form.query, fields)
    after = ""
    if form.page:
        after = _opened(form.page)
        if shelf.get(after) is None:
            raise Refused(f"Invalid page: {form.page}", param="page")
    records, more = found(shelf, clauses, every, look, Page(form.limit, after), mode.searchable)
    now = mode.clock.now()
    answer = {
        "object": "search_result",
        "data": [shape(r, now) for r in records],
        "has_more": more,
        "next_page": urlsafe_b64encode(records[-1].id.encode()).decode() if more else None,
        "url": call.path,
    }
    if _TOTAL in form.expand:
        answer[_TOTAL] = counted(shelf, clauses, every, look, mode.searchable)
    return drawn(mode, answer, [path for path in form.expand if path != _TOTAL])


def look_elsewhere(no: Refused, other: Mode) -> None:
    """Add to a refusal that the other mode has what is missing, if it has."""
    shelves = {**_shelves(other), **other.billing.shelves(), "": other.events.log}
    if any(shelf.get(no.missing) is not None for shelf in shelves.values()):
        add_hint(no, "live" if other.live else "test")


def _shelves(mode: Mode) -> dict[str, Shelf[Any]]:
    """Where objects are found, by the beginning of their ids; billing keeps its own."""
    return {
        "cus": mode.customers.shelf,
        "pm": mode.methods.shelf,
        "pi": mode.intents.shelf,
        "ch": mode.charges.shelf,
        "re": mode.refunds.shelf,
        "txn": mode.balance.shelf,
        "po": mode.payouts.shelf,
        "py": mode.charges.shelf,
        "pyr": mode.refunds.shelf,
        "du": mode.disputes.shelf,
        "seti": mode.setups.shelf,
        "file": mode.files.shelf,
        "ccsbtxn": mode.cash.shelf,
        "link": mode.files.links,
        "setatt": mode.setups.attempts,
        "mandate": mode.mandates.shelf,
    }


def resolver(mode: Mode) -> Callable[[str, str], dict[str, Any] | None]:
    """Finds the object that an id names, whatever its kind."""
    shelves = _shelves(mode)
    billing = mode.billing.shelves()
    now = mode.clock.now()

    def resolve(name: str, id: str) -> dict[str, Any] | None:  # noqa: A002
        if name in billing:
            found = billing[name].get(id)
            return shape(found, now) if found is not None else None
        if name == "refunds":
            rows = mode.refunds.shelf.under(("charge", id))
            latest = [shape(r, now) for r in rows[:-11:-1]]
            return listed(f"/v1/charges/{id}/refunds", latest, len(rows) > 10)
        if name in INCLUDED:
            shown: dict[str, Any] | None = included(billing, name, id, now)
            return shown
        if name.startswith("+"):
            return _asked_for(mode, name, id, now)
        if name == "bank_account":
            return bank_account(id, mode.account_id)
        shelf = shelves.get(id.partition("_")[0])
        record = shelf.get(id) if shelf is not None else None
        return shape(record, now) if record is not None else None

    return resolve


def _asked_for(mode: Mode, name: str, id: str, now: int) -> dict[str, Any] | None:  # noqa: A002
    """The member of a customer that is shown only when it is asked for."""
    if name == "+tax_ids":
        numbers = mode.tax_ids.shelf.under(("customer", id))
        shown = [shape(r, now) for r in numbers[:-11:-1]]
        return listed(f"/v1/customers/{id}/tax_ids", shown, len(numbers) > 10)
    customer = mode.customers.shelf.get(id)
    if customer is None:
        return None
    if name == "+cash_balance":
        return shape(mode.cash.of(id), now)
    if name == "+tax":
        return customer_tax(customer)
    return {customer.currency: customer.balance} if customer.currency else {}


def look(record: Any, name: str) -> str | int | None:
    """What a record shows to search."""
    if name.startswith("metadata."):
        value: str | int | None = record.metadata.get(name.removeprefix("metadata."))
        return value
    if name == "created":
        return int(record.created_at // 1_000_000)
    shown: str | int | None = getattr(record, name)
    return shown


def secretly(record: S, secret: str) -> S:
    """The record, if the secret that came along is its own ("": none came)."""
    if secret and secret != record.client_secret:
        # Wording unconfirmed.
        raise Refused("The client_secret provided does not match this object.", param="client_secret")
    return record


def _window(form: Listing, since: int | None) -> tuple[int | None, int | None]:
    """created[…] as half-open seconds."""
    lows, highs = [] if since is None else [since], []
    c = getattr(form, "created", None)
    if c is not None:
        lows += [low for low in (c.gte, None if c.gt is None else c.gt + 1) if low is not None]
        highs += [high for high in (c.lt, None if c.lte is None else c.lte + 1) if high is not None]
    return max(lows, default=None), min(highs, default=None)


def within(bounds: Bounds, moment: int) -> bool:
    """Whether a unix second lies in these bounds."""
    low = (bounds.gte is None or moment >= bounds.gte) and (bounds.gt is None or moment > bounds.gt)
    return low and (bounds.lte is None or moment <= bounds.lte) and (bounds.lt is None or moment < bounds.lt)


def _opened(token: str) -> str:
    try:
        return urlsafe_b64decode(token).decode()
    except ValueError:
        return ""
