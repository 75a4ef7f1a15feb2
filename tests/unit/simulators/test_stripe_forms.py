"""Stripe's form reader takes apart what urllib would take apart, and as urllib would."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.kit.table import Call
from simulators.stripe.wire.forms import pairs


@given(st.text(alphabet="ab=&+%2057BC3A9é\x00[];dDfF", max_size=40))
def test_any_query_is_read_as_urllib_reads_it(text: str) -> None:
    assert pairs(Call("GET", "/v1/x", text)) == parse_qsl(text, keep_blank_values=True)


@given(st.binary(max_size=40))
def test_any_body_is_read_as_urllib_reads_it(body: bytes) -> None:
    text = body.decode("utf-8", "replace")
    assert pairs(Call("POST", "/v1/x", body=body)) == parse_qsl(text, keep_blank_values=True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a=%E2%82%AC", "€"),
        ("a=%e2%82%ac+%2B", "€ +"),
        ("a=%zz%4", "%zz%4"),
        ("a=%ff", "�"),
        ("a=1=2", "1=2"),
    ],
)
def test_what_is_escaped(text: str, value: str) -> None:
    assert pairs(Call("GET", "/v1/x", text)) == [("a", value)]


def test_query_comes_before_body() -> None:
    assert pairs(Call("POST", "/v1/x", "a=1", {}, b"a=2&b=")) == [("a", "1"), ("a", "2"), ("b", "")]
