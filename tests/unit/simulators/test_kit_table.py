"""The table of routes: what matches, what does not, and how bodies are read and written."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from types import SimpleNamespace

import pytest

from simulators.kit.ids import Ids
from simulators.kit.mock import Mock, Surroundings, Vendor
from simulators.kit.table import Call, Matcher, Reply, Route, dumps, json_reply


async def nothing(rules, call):
    return Reply(200)


def route(method: str, path: str) -> Route:
    return Route(method, path, f"{method} {path}", nothing, "")


MATCHER = Matcher(
    [
        route("GET", "/v1/things"),
        route("POST", "/v1/things"),
        route("GET", "/v1/things/search"),
        route("GET", "/v1/things/{id}"),
        route("DELETE", "/v1/things/{id}"),
        route("GET", "/v1/things/{thing}/parts/{part}"),
        route("GET", "/v1/query/"),
    ]
)


def found(method: str, path: str):
    row, params, known = MATCHER.find(method, path)
    return (row.path if row else None), params, known


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/v1/things", ("/v1/things", {}, True)),
        ("GET", "/v1/things/", ("/v1/things", {}, True)),
        ("GET", "/v1/query", ("/v1/query/", {}, True)),
        ("GET", "/v1/query/", ("/v1/query/", {}, True)),
        ("GET", "/v1/things/7", ("/v1/things/{id}", {"id": "7"}, True)),
        ("GET", "/v1/things/7/", ("/v1/things/{id}", {"id": "7"}, True)),
        ("GET", "/v1/things/a%2Fb%20c", ("/v1/things/{id}", {"id": "a/b c"}, True)),
        ("GET", "/v1/things/%C3%A9", ("/v1/things/{id}", {"id": "é"}, True)),
        (
            "GET",
            "/v1/things/7/parts/8",
            ("/v1/things/{thing}/parts/{part}", {"thing": "7", "part": "8"}, True),
        ),
    ],
)
def test_finds(method, path, expected):
    assert found(method, path) == expected


def test_a_fixed_segment_beats_a_variable_one():
    assert found("GET", "/v1/things/search")[0] == "/v1/things/search"
    # … but only where it has the method: DELETE is known for the variable alone.
    assert found("DELETE", "/v1/things/search") == ("/v1/things/{id}", {"id": "search"}, True)


@pytest.mark.parametrize("path", ["/", "", "/v1", "/v2/things", "/v1/things/7/parts", "/v1/things//parts/8"])
def test_unknown_paths(path):
    assert found("GET", path) == (None, {}, False)


@pytest.mark.parametrize("path", ["/v1/things", "/v1/things/7", "/v1/things/7/parts/8"])
def test_known_path_other_method(path):
    assert found("PATCH", path) == (None, {}, True)


@pytest.mark.parametrize("path", ["/v1/things", "/v1/things/{other}"])
def test_two_rows_for_one_path_are_refused(path):
    with pytest.raises(ValueError, match="two routes answer GET"):
        Matcher([route("GET", "/v1/things"), route("GET", "/v1/things/{id}"), route("GET", path)])


def test_head_is_answered_as_get():
    async def serve(rules, route, call):
        return json_reply(200, [route.operation, call.method])

    vendor = Vendor(
        "v",
        "V",
        0,
        (route("GET", "/v1/things"),),
        lambda around: None,
        serve,
        lambda *_: None,
        {},
        lambda _: {},
    )
    around = Surroundings(SimpleNamespace(now=lambda: 0), Ids("s"), SimpleNamespace(), lambda coro: None)
    reply = asyncio.run(Mock(vendor, around).call(Call("HEAD", "/v1/things")))
    assert reply.body == b'["GET /v1/things","HEAD"]'


def test_numbers_pass_through_exactly():
    call = Call("POST", "/", body=b'{"a": 0.10, "b": 12345678901234567.89, "c": 3}')
    value = call.json()
    assert value == {"a": Decimal("0.10"), "b": Decimal("12345678901234567.89"), "c": 3}
    assert dumps(value) == b'{"a":0.10,"b":12345678901234567.89,"c":3}'
    assert dumps({"tiny": Decimal("1E-7"), "big": Decimal("1E+3")}) == b'{"tiny":0.0000001,"big":1000}'


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe\x00", b"[" * 200_000, b"1" * 5000])
def test_what_is_no_json_is_a_value_error(body):
    with pytest.raises(ValueError, match=r"."):
        Call("POST", "/", body=body).json()


def test_unknown_types_are_not_sent():
    with pytest.raises(TypeError):
        dumps({"a": object()})


def test_query_arguments():
    call = Call("GET", "/", query="a=1&a=2&b=&c=x%20y+z")
    assert call.args() == {"a": "2", "b": "", "c": "x y z"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/things", ("GET", "HEAD", "POST")),
        ("/v1/things/7/", ("DELETE", "GET", "HEAD")),
        ("/v1/things/search", ("DELETE", "GET", "HEAD")),
        ("/nowhere", ()),
    ],
)
def test_methods_that_a_path_answers(path, expected):
    assert MATCHER.methods(path) == expected
