"""The bytes of an HTTP/1.1 answer."""

from __future__ import annotations

from http import HTTPStatus

from simulators.kit.table import Reply

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
# Answers whose body HTTP does not allow.
_BODILESS = (204, 304)


class BadHeader(ValueError):
    """A header of an answer holds a line break, which would forge another header."""


def _status_line(status: int) -> str:
    known = status in HTTPStatus.__members__.values()
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase if known else 'Unknown'}\r\n"


_LINES = {int(status): _status_line(int(status)) for status in HTTPStatus}


def head_of(reply: Reply, connection: str, date: str) -> bytes:
    """Status line and headers; `connection` and `date` are left out where empty."""
    lines = [f"{name}: {value}\r\n" for name, value in reply.headers]
    if date:
        lines.append(f"date: {date}\r\n")
    if connection:
        lines.append(f"connection: {connection}\r\n")
    status = _LINES.get(reply.status) or _status_line(reply.status)
    head = f"{status}{''.join(lines)}content-length: {len(reply.body)}\r\n\r\n"
    if head.count("\n") != len(lines) + 3 or head.count("\r") != len(lines) + 3:
        raise BadHeader(f"line break in a header of {reply.headers!r}")
    return head.encode("latin-1")


def whole(reply: Reply, *, head_only: bool, connection: str = "", date: str = "") -> bytes:
    """The answer as it goes over the wire."""
    head = head_of(reply, connection, date)
    return head if head_only or reply.status in _BODILESS else head + reply.body


def half(reply: Reply) -> bytes:
    """The first part of the answer: all of the head and half of the body, or half of the head."""
    head = head_of(reply, "", "")
    if len(reply.body) < 2:
        return head[: len(head) // 2]
    return head + reply.body[: len(reply.body) // 2]


def failure(status: int, text: str) -> Reply:
    """An answer of the server itself, not of a vendor."""
    return Reply(status, text.encode(), (("content-type", "text/plain; charset=utf-8"),))
