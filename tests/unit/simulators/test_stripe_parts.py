"""The smaller parts: keys, cards, accounts, joined lists, what deployments may switch on."""

from __future__ import annotations

from dataclasses import dataclass, fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.stripe.routes.table import VENDOR
from simulators.stripe.rules.banks import BANKS, BY_ACCOUNT, routing_checks, sepa_account, us_account
from simulators.stripe.rules.cards import BY_NUMBER, CARDS, TOKENS, luhn
from simulators.stripe.rules.event_types import EVENT_TYPES
from simulators.stripe.rules.events import groups
from simulators.stripe.rules.keys import ApiKey, fresh_keys
from simulators.stripe.rules.options import OPTIONS, Options
from simulators.stripe.rules.shelf import Page, Shelf
from tests.unit.simulators.stripe_client import Sandbox


def test_every_test_number_checks() -> None:
    assert all(luhn(number) for number in BY_NUMBER)
    assert not luhn("4242424242424241")
    assert {name.removeprefix("pm_card_") for name in CARDS} == {n.removeprefix("tok_") for n in TOKENS}
    assert all(card.number in BY_NUMBER for card in CARDS.values())


@given(st.text("0123456789", min_size=12, max_size=19), st.integers(1, 9), st.integers(0, 18))
def test_one_wrong_digit_is_always_noticed(number: str, by: int, where: int) -> None:
    where %= len(number)
    changed = number[:where] + str((int(number[where]) + by) % 10) + number[where + 1 :]
    assert not (luhn(number) and luhn(changed))


def test_accounts() -> None:
    assert routing_checks("110000000")
    assert not routing_checks("110000001")
    assert us_account("000222222227", "110000000").failure is not None
    assert us_account("999", "110000000").outcome == "succeeds"
    assert {bank.number for bank in BANKS.values()} == set(BY_ACCOUNT)
    assert sepa_account("DE89 3704 0044 0532 0130 00") is not None
    assert sepa_account("DE88370400440532013000") is None
    assert sepa_account("nonsense") is None


@pytest.mark.parametrize(
    ("permissions", "scope", "may"),
    [
        ({"charge": "read"}, "rak_charge_read", True),
        ({"charge": "read"}, "rak_charge_write", False),
        ({"charge": "write"}, "rak_charge_read", True),
        ({"*": "read", "charge": "none"}, "rak_charge_read", False),
        ({"*": "read"}, "rak_payment_intent_read", True),
        ({}, "rak_charge_read", False),
    ],
)
def test_permissions(permissions: dict[str, str], scope: str, may: bool) -> None:
    assert ApiKey("rk_test_x", live=False, kind="restricted", permissions=permissions).may(scope) is may


def test_a_key_is_not_shown_whole() -> None:
    for key in fresh_keys().values():
        assert key.masked != key.text
        assert key.masked[-4:] == key.text[-4:]
        assert "*" in key.masked


def test_event_types_have_the_vendors_names() -> None:
    assert len(EVENT_TYPES) == 275
    assert groups("charge.dispute.created") == ("charge", "charge.dispute")


@dataclass(slots=True)
class Thing:
    id: str
    created_at: int
    colour: int
    seq: int = 0


@given(
    st.lists(st.integers(0, 3), max_size=30),
    st.lists(st.integers(0, 3), max_size=3, unique=True),
    st.integers(1, 5),
    st.booleans(),
)
def test_joined_lists_page_like_one(colours: list[int], wanted: list[int], limit: int, back: bool) -> None:
    shelf: Shelf[Thing] = Shelf()
    for i, colour in enumerate(colours):
        shelf.add(Thing(str(i), i, colour), ("colour", str(colour)))
    keys = [("colour", str(colour)) for colour in wanted]

    def keep(thing: Thing) -> bool:
        return thing.colour in wanted

    cursor = str(len(colours) // 2) if colours else ""
    for page in (
        Page(limit),
        Page(limit, **({"ending_before": cursor} if back else {"starting_after": cursor})),
    ):
        assert shelf.joined(keys, page) == shelf.page((), page, keep)


def test_an_account_with_redirects_wants_to_know_the_way_back() -> None:
    box = Sandbox(redirect_methods=1)
    wish = {"amount": 500, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True}
    refused = box.post("/v1/payment_intents", wish)
    assert (refused.status, refused.error["param"]) == (400, "return_url")
    never = {"automatic_payment_methods": {"enabled": True, "allow_redirects": "never"}}
    for more in ({"return_url": "https://x.example"}, {"payment_method_types": ["card"]}, never):
        assert box.post("/v1/payment_intents", {**wish, **more}).status == 200
    setup = box.post("/v1/setup_intents", {"payment_method": "pm_card_visa", "confirm": True})
    assert setup.status == 400


def test_a_client_secret_must_be_the_intents_own() -> None:
    box = Sandbox()
    one = box.post("/v1/payment_intents", {"amount": 500, "currency": "usd"}).json
    path = f"/v1/payment_intents/{one['id']}"
    assert box.get(path, {"client_secret": one["client_secret"]}, key="pk_test_tieout").status == 200
    assert box.get(path, {"client_secret": "x"}, key="pk_test_tieout").status == 400
    assert box.get(path, key="pk_test_tieout").status == 401


def test_lists_do_not_grow_dearer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page costs a page: the rows looked at are counted."""
    box = Sandbox()
    customer = box.post("/v1/customers", {"email": "first@example.com", "metadata": {"k": "only"}}).json["id"]
    box.post("/v1/payment_intents", {"amount": 500, "currency": "usd", "customer": customer})
    for i in range(60):
        box.post("/v1/customers", {"email": f"c{i}@example.com"})
        box.post("/v1/payment_intents", {"amount": 500, "currency": "usd"})
    looked = 0
    real = Shelf.page

    def counting(shelf: Shelf[Thing], key: object, page: Page, keep: object = None) -> object:
        def see(record: Thing) -> bool:
            nonlocal looked
            looked += 1
            return keep is None or keep(record)  # type: ignore[operator]

        return real(shelf, key, page, see)  # type: ignore[arg-type]

    monkeypatch.setattr(Shelf, "page", counting)
    for path, form, most in (
        ("customers", {"limit": 10}, 11),
        ("customers", {"email": "first@example.com"}, 1),
        ("customers/search", {"query": "metadata['k']:'only'"}, 1),
        ("customers/search", {"query": "email:'first@example.com'"}, 1),
        ("payment_intents", {"customer": customer}, 1),
        ("payment_intents/search", {"query": f"customer:'{customer}'"}, 1),
        ("charges", {"customer": customer}, 0),
        ("events", {"type": "payment_intent.*", "limit": 5}, 6),
        ("events", {"types": ["customer.created", "payment_intent.created"], "limit": 5}, 14),
    ):
        looked = 0
        assert box.get(f"/v1/{path}", form).status == 200
        assert looked <= most, path


def test_every_option_says_what_it_means() -> None:
    usual = {f.name: f.default for f in fields(Options)}
    assert OPTIONS.keys() == usual.keys()
    assert all(text.endswith(f"({usual[name]})") for name, text in OPTIONS.items())
    assert VENDOR.options == OPTIONS
