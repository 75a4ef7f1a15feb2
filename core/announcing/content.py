"""A fact as HTTP carries it: a CloudEvent in structured or in binary content mode.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md, section 3.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from core.announcing.envelope import MEDIA_TYPE
from core.ports.announcing import ContentMode

PREFIX = "ce-"
# Printable ASCII but space, double quote and percent stays as it is (3.1.3.2).
_PLAIN = frozenset(chr(code) for code in range(0x21, 0x7F)) - {'"', "%"}


def carried(envelope: str, mode: ContentMode) -> tuple[dict[str, str], bytes]:
    """Headers and body of an event. envelope: all of it, as structured JSON. In binary mode the body is the
    data alone, its media type is the Content-Type (and no header of the attribute's own name, 3.1.1), and
    every other attribute is a header."""
    if mode is ContentMode.STRUCTURED:
        return {"content-type": MEDIA_TYPE}, envelope.encode()
    event = json.loads(envelope)
    data, media_type = event.pop("data"), event.pop("datacontenttype")
    headers = {f"{PREFIX}{name}": encoded(str(value)) for name, value in event.items()}
    return {"content-type": media_type, **headers}, json.dumps(data, separators=(",", ":")).encode()


def encoded(value: str) -> str:
    """Percent-encoded for a header, by bytes of UTF-8 with capital digits."""
    return "".join(
        letter if letter in _PLAIN else "".join(f"%{byte:02X}" for byte in letter.encode())
        for letter in value
    )


def attributes(headers: Mapping[str, str]) -> str:
    """The text of the attributes that is signed: a line `name:value` each, by name, as they are sent. Values
    have no line breaks, names no colons, so that there is one way to read it."""
    own = {name: value for name, value in headers.items() if name.startswith(PREFIX)}
    own["content-type"] = headers["content-type"]
    return "\n".join(f"{name}:{value}" for name, value in sorted(own.items()))
