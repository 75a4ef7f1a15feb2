"""Bytes as they come in, read into calls with httptools."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser, parse_url

from simulators.kit.table import Call

IDLE, HEAD, BODY = "idle", "head", "body"
_NAMES_MOST = 1000
_NAMES: dict[bytes, str] = {}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a client may ask of the server. Sizes in bytes, times in seconds.

    idle: how long a connection is kept between requests; receive: from the first byte of a head to its
    end, and between two pieces of a body; stall: how long a client may leave an answer unread;
    pipelined: requests waiting for those before them, beyond which no more is read.
    """

    head: int = 64 * 1024
    body: int = 64 * 1024 * 1024
    idle: float = 75.0
    receive: float = 30.0
    stall: float = 60.0
    pipelined: int = 64


class Refused(Exception):
    """This request is not read any further."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


class Asked:
    """A call that awaits its answer. keep: the connection stays afterwards; say_keep: and says so."""

    __slots__ = ("call", "keep", "say_keep")

    def __init__(self, call: Call, keep: bool, say_keep: bool) -> None:
        self.call, self.keep, self.say_keep = call, keep, say_keep


class Reader:
    """What one client sends. Whole calls wait in `asked`; after the `last` nothing more is read.

    owes_continue: the client waits for leave to send its body.
    """

    def __init__(self, limits: Limits, scheme: str) -> None:
        self._limits, self._scheme = limits, scheme
        self._parser = HttpRequestParser(self)
        self.asked: deque[Asked] = deque()
        self.state = IDLE
        self.last = self.owes_continue = False
        self._head_size = self._body_size = self._line_size = self._progress = 0
        self._url, self._headers, self._body = b"", dict[str, str](), list[bytes]()

    def feed(self, data: bytes) -> None:
        """Read on; Refused if this is no HTTP or too much of it."""
        if self.last:
            return
        progress, state = self._progress, self.state
        try:
            self._parse(data)
        except HttpParserError as error:
            if not self.last:
                inner = error.__context__
                raise inner if isinstance(inner, Refused) else Refused(400, "Bad Request") from None
        if state is IDLE or self.state is IDLE or progress != self._progress:
            self._line_size = 0
            return
        # A line without end never reaches a callback.
        self._line_size += len(data)
        if self._head_size + self._line_size > self._limits.head:
            raise Refused(431, "Request Header Fields Too Large")

    def _parse(self, data: bytes) -> None:
        while data:
            try:
                self._parser.feed_data(data)
                return
            except HttpParserUpgrade as upgrade:
                # No other protocol is spoken here, and a server may ignore the wish for one: the same
                # request is read once more without the wish, for the parser has skipped its body.
                head = self._wishless_head()
                self._parser = HttpRequestParser(self)
                self._parser.feed_data(head)
                data = data[upgrade.args[0] :]

    def _wishless_head(self) -> bytes:
        method = self._parser.get_method()
        if method == b"CONNECT":
            raise Refused(405, "Method Not Allowed")
        kept = {n: v for n, v in self._headers.items() if n not in ("upgrade", "connection")}
        lines = "".join(f"{name}: {value}\r\n" for name, value in kept.items())
        return b"%b %b HTTP/1.1\r\n%b\r\n" % (method, self._url, lines.encode("latin-1"))

    def stop(self) -> None:
        """Read no more."""
        self.last = True
        self.state = IDLE

    def dissolve(self) -> None:
        """Let go of the parser, which holds this object as this object holds it."""
        self.last = True
        del self._parser

    # Callbacks of httptools.

    def on_message_begin(self) -> None:
        self.state = HEAD
        self._head_size = self._body_size = 0
        self._url, self._headers, self._body = b"", {}, []

    def on_url(self, url: bytes) -> None:
        self._url += url
        self._head_size += len(url)
        if self._head_size > self._limits.head:
            raise Refused(414, "URI Too Long")

    def on_header(self, name: bytes, value: bytes) -> None:
        self._progress += 1
        self._head_size += len(name) + len(value) + 4
        if self._head_size > self._limits.head:
            raise Refused(431, "Request Header Fields Too Large")
        if self.state is not HEAD:
            return
        known = _NAMES.get(name)
        if known is None:
            known = name.decode("latin-1").lower()
            if len(_NAMES) < _NAMES_MOST:
                _NAMES[name] = known
        self._headers[known] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        self.state = BODY
        headers = self._headers
        length = headers.get("content-length")
        if length is not None and int(length) > self._limits.body:
            raise Refused(413, "Content Too Large")
        wish = headers.get("expect")
        if wish is not None and self._parser.get_http_version() != "1.0":
            if wish.lower() != "100-continue":
                raise Refused(417, "Expectation Failed")
            self.owes_continue = True

    def on_body(self, body: bytes) -> None:
        self._progress += 1
        self._body_size += len(body)
        if self._body_size > self._limits.body:
            raise Refused(413, "Content Too Large")
        self._body.append(body)

    def on_message_complete(self) -> None:
        self.state = IDLE
        self.owes_continue = False
        parser = self._parser
        if parser.should_upgrade():
            return
        method = parser.get_method().decode("latin-1")
        target, headers, body = self._url, self._headers, self._body
        host = headers.get("host", "localhost")
        if target[:1] != b"/" or b"#" in target:
            target, host = _plain(target, host)
        path, _, query = target.decode("latin-1").partition("?")
        content = b"" if not body else body[0] if len(body) == 1 else b"".join(body)
        keep = parser.should_keep_alive()
        call = Call(method, path, query, headers, content, base_url=f"{self._scheme}://{host}")
        # A client of HTTP/1.0 keeps the connection only if it is told that it may.
        self.asked.append(Asked(call, keep, keep and parser.get_http_version() == "1.0"))
        if not keep:
            self.last = True


def _plain(target: bytes, host: str) -> tuple[bytes, str]:
    """(path and query, host) of a target in absolute form or with a fragment."""
    if target == b"*" or b"/" not in target:
        return target, host
    parsed = parse_url(target)
    if parsed.host:
        port = f":{parsed.port}" if parsed.port else ""
        host = parsed.host.decode("latin-1") + port
    query = b"?" + parsed.query if parsed.query else b""
    return (parsed.path or b"/") + query, host
