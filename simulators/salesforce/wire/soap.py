"""The few SOAP calls of the partner interface: envelopes in and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

_OPEN = (
    '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope '
    'xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com" '
    'xmlns:sf="{sf}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>'
)
_CLOSE = "</soapenv:Body></soapenv:Envelope>"
_FAULT, _OBJECT = "urn:fault.partner.soap.sforce.com", "urn:sobject.partner.soap.sforce.com"
# Elements of an answer that may be empty, which is said with xsi:nil.
Node = tuple[str, Any]


class Unreadable(ValueError):
    """The body is no SOAP envelope."""


class Asked:
    """A call: its name, its element, and the session of its header."""

    def __init__(self, body: bytes) -> None:
        if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
            raise Unreadable("a document type is not allowed")
        try:
            envelope = ElementTree.fromstring(body)
        except ElementTree.ParseError as error:
            raise Unreadable(str(error)) from None
        found = [each for each in envelope if bare(each) == "Body"]
        if bare(envelope) != "Envelope" or not found or not len(found[0]):
            raise Unreadable("no SOAP body")
        self.element = found[0][0]
        self.name = bare(self.element)
        sessions = [each for each in envelope.iter() if bare(each) == "sessionId"]
        self.session = (sessions[0].text or "").strip() if sessions else ""

    def text(self, name: str) -> str:
        """The text of the first element of that name below the call."""
        return next(iter(self.texts(name)), "")

    def texts(self, name: str) -> list[str]:
        """The texts of all elements of that name below the call."""
        return [(each.text or "").strip() for each in self.element.iter() if bare(each) == name]

    def record(self, name: str) -> dict[str, str]:
        """The children of the first element of that name, as fields of a record."""
        for each in self.element.iter():
            if bare(each) == name:
                return {bare(child): (child.text or "").strip() for child in each}
        return {}


def bare(element: ElementTree.Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def answer(name: str, results: Sequence[Mapping[str, Any]]) -> bytes:
    """<nameResponse> with one <result> each."""
    inner = "".join(f"<result>{_elements(result)}</result>" for result in results)
    return f"{_OPEN.format(sf=_OBJECT)}<{name}Response>{inner}</{name}Response>{_CLOSE}".encode()


def _elements(values: Mapping[str, Any]) -> str:
    out = ""
    for name, value in values.items():
        for each in value if isinstance(value, list) else [value]:
            if each is None:
                out += f'<{name} xsi:nil="true"/>'
            elif isinstance(each, Mapping):
                out += f"<{name}>{_elements(each)}</{name}>"
            else:
                text = str(each).lower() if isinstance(each, bool) else str(each)
                out += f"<{name}>{escape(text)}</{name}>"
    return out


def fault(code: str, message: str, kind: str = "UnexpectedErrorFault") -> bytes:
    """A SOAP fault."""
    said = escape(message)
    detail = (
        f'<sf:{kind} xsi:type="sf:{kind}"><sf:exceptionCode>{code}</sf:exceptionCode>'
        f"<sf:exceptionMessage>{said}</sf:exceptionMessage></sf:{kind}>"
    )
    return (
        f"{_OPEN.format(sf=_FAULT)}<soapenv:Fault><faultcode>sf:{code}</faultcode>"
        f"<faultstring>{code}: {said}</faultstring><detail>{detail}</detail></soapenv:Fault>{_CLOSE}"
    ).encode()
