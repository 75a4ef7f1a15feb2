"""CloudEvents over HTTP in both content modes: nothing is lost, and nothing that was changed is taken."""

from __future__ import annotations

import json
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.announcing.content import attributes, carried, encoded
from core.announcing.signing import headers, secret_of
from core.ports.announcing import ContentMode
from scenarios.world.consumer import all_genuine, understood

SECRET, NOW = secret_of("root", "we_1", 1), 1_772_323_200_000_000
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)


def sent(event: dict[str, object], mode: ContentMode) -> tuple[dict[str, str], bytes]:
    told, body = carried(json.dumps(event), mode)
    own = attributes(told) if mode is ContentMode.BINARY else ""
    return {**told, **headers((SECRET,), str(event["id"]), NOW, body, own)}, body


def event(subject: str = "subscriptions/S-1", **data: object) -> dict[str, object]:
    return {
        "specversion": "1.0", "id": "evt_1", "source": "urn:tieout:core", "type": "tieout.x.v1",
        "subject": subject, "time": "2026-03-01T00:00:00Z", "datacontenttype": "application/json",
        "data": data,
    }  # fmt: skip


def test_the_example_of_the_binding():
    assert encoded("Euro \u20ac \U0001f600") == "Euro%20%E2%82%AC%20%F0%9F%98%80"
    assert encoded('100%"') == "100%25%22"


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_what_is_encoded_is_visible_ascii_and_comes_back(text):
    found = encoded(text)
    assert all(0x21 <= ord(letter) <= 0x7E for letter in found)
    assert unquote(found, errors="strict") == text


@given(TEXTS, TEXTS, st.sampled_from(ContentMode))
@settings(max_examples=60, deadline=None)
def test_both_modes_say_the_same_and_are_genuine(subject, name, mode):
    made = event(subject, amount={"minor": 1080, "currency": "EUR"}, name=name)
    found, body = sent(made, mode)
    assert understood(found, body) == made
    assert all_genuine(SECRET, found, body)


def test_binary_mode_has_the_data_alone_in_its_body_and_every_other_attribute_once_in_a_header():
    found, body = sent(event(a=1), ContentMode.BINARY)
    assert json.loads(body) == {"a": 1}
    assert {name for name in found if name.startswith("ce-")} == {
        "ce-specversion", "ce-id", "ce-source", "ce-type", "ce-subject", "ce-time",
    }  # fmt: skip
    assert found["content-type"] == "application/json"


def test_structured_mode_is_as_it_was():
    found, body = sent(event(a=1), ContentMode.STRUCTURED)
    assert json.loads(body) == event(a=1)
    assert found.keys() == {"content-type", "webhook-id", "webhook-timestamp", "webhook-signature"}


@pytest.mark.parametrize(
    "name", ["ce-type", "ce-subject", "ce-source", "ce-time", "ce-id", "content-type", "webhook-id"]
)
def test_a_header_that_was_changed_on_its_way_is_noticed(name):
    found, body = sent(event(a=1), ContentMode.BINARY)
    assert not all_genuine(SECRET, {**found, name: found[name] + "x"}, body)


def test_an_attribute_that_was_added_or_taken_away_on_its_way_is_noticed_and_a_changed_body_too():
    found, body = sent(event(a=1), ContentMode.BINARY)
    assert not all_genuine(SECRET, {**found, "ce-other": "1"}, body)
    assert not all_genuine(SECRET, {n: v for n, v in found.items() if n != "ce-subject"}, body)
    assert not all_genuine(SECRET, found, body + b" ")
