"""What is no JSON text, or means different things to different readers, is refused before anybody acts."""

from __future__ import annotations

import pytest

from core.api.v1.strict import ill_formed
from core.canonical.errors import Unavailable
from tests.unit.core.api.client import Answer, Client, asked

ILL: dict[str, tuple[bytes, str]] = {
    "half of a pair": (rb'{"reason": "because \ud800"}', "lone surrogate"),
    "half of a pair in a name": (rb'{"\udfff": 1, "reason": "because"}', "lone surrogate"),
    "NUL": (rb'{"reason": "be\u0000cause"}', "NUL"),
    "said twice": (b'{"reason": "because", "reason": "or not"}', "'reason' is there twice"),
    "said twice inside": (b'{"reason": "because", "x": [{"y": 1, "y": 2}]}', "'y' is there twice"),
    "not a number": (b'{"reason": NaN}', "NaN is no number"),
    "beyond any number": (b'{"reason": 1e999}', "1e999 is too large"),
    "beyond any exponent": (b'{"reason": 1e999999999999999999999}', "too large"),
    "thousands of digits": (b'{"reason": ' + b"9" * 5000 + b"}", "too large"),
    "cut off": (b'{"reason": ', "no JSON"),
    "no Unicode": (b'{"reason": "\xff\xfe"}', "no UTF-8"),
    "a mark before it": (b'\xef\xbb\xbf{"reason": "because"}', "byte order mark"),
    "too deep": (b"[" * 30_000, "too deep"),
}


@pytest.mark.parametrize(("body", "reason"), ILL.values(), ids=list(ILL))
@pytest.mark.parametrize("path", ["/v1/exceptions/1/hold", "/v1/orders", "/v1/jobs"])
def test_a_text_that_is_none_is_refused_and_said_why(path: str, body: bytes, reason: str) -> None:
    async def story(client: Client) -> Answer:
        answer = await client("POST", path, raw=body)
        # Whatever came, the next one is answered.
        assert (await client("GET", "/healthz")).status == 200
        return answer

    answer = asked(story)
    assert (answer.status, answer.headers["content-type"]) == (422, "application/problem+json")
    (fault,) = answer.json["faults"]
    assert (fault["where"], fault["field"]) == ("body", "body")
    assert reason in fault["reason"]
    assert reason in answer.json["detail"]


def test_what_every_reader_takes_alike_passes() -> None:
    for body in (
        b"{}",
        b"",
        b' {"a": [1, -2.5e3, "\\ud83d\\ude00", "\\\\u0000", null, {"a": 1}]} ',
        '"é"'.encode(),
    ):
        assert ill_formed(body) is None, body


def test_what_nobody_foresaw_is_a_problem_too_and_the_next_call_is_answered() -> None:
    async def story(client: Client) -> tuple[Answer, Answer]:
        client.office.books.trouble("crm.order", RuntimeError("nobody thought of this: s3cret"))
        return await client("POST", "/v1/orders", {"opportunity": "q1"}), await client("GET", "/healthz")

    failed, after = asked(story)
    assert (failed.status, failed.headers["content-type"]) == (500, "application/problem+json")
    assert failed.headers["x-request-id"] in failed.json["detail"]
    assert failed.headers["x-content-type-options"] == "nosniff"
    assert b"s3cret" not in failed.body
    assert after.status == 200


def test_head_is_what_get_answers_without_its_content() -> None:
    async def story(client: Client) -> list[tuple[Answer, Answer]]:
        paths = ("/v1/customers/acme", "/v1/customers/nobody", "/healthz", "/v1/exceptions")
        both = [(await client("HEAD", path), await client("GET", path)) for path in paths]
        unknown = (
            await client("HEAD", "/v1/customers/acme", token=None),
            await client("GET", "/v1/customers/acme", token=None),
        )
        return [*both, unknown]

    for head, get in asked(story):
        assert (head.status, head.body) == (get.status, b"")
        assert {n: v for n, v in head.headers.items() if n != "x-request-id"} == {
            n: v for n, v in get.headers.items() if n != "x-request-id"
        }
        assert get.body


def test_who_has_shown_no_token_learns_no_address_of_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    async def away() -> list[str]:
        raise Unavailable("store: no answer: role 'tieout' at 10.1.2.3:5432 does not exist", system="store")

    async def story(client: Client) -> Answer:
        monkeypatch.setattr(client.model, "pending", away)
        return await client("GET", "/readyz", token=None)

    answer = asked(story)
    assert (answer.status, answer.json["detail"]) == (503, "the store does not answer")
    assert b"10.1.2.3" not in answer.body
