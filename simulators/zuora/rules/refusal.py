"""The one way in which the vendor says no: a category, a message, the field at fault.

Categories are the last two digits of Zuora's error codes (developer portal, error codes). DUPLICATE and
DEPENDENT are ours: to a v1 call they are business rules, to a CRUD call they have codes of their own.
"""

from __future__ import annotations

from collections.abc import Iterable

FORBIDDEN = 10
UNAUTHENTICATED = 11
INVALID = 20
UNKNOWN_FIELD = 21
MISSING = 22
RULE = 30
DUPLICATE = 130
DEPENDENT = 230
NOT_FOUND = 40
UNSUPPORTED = 45
LOCKED = 50
INTERNAL = 60
TEMPORARY = 61
TOO_MANY = 70
MALFORMED = 90


class Refused(Exception):
    """category: two digits as above; param: name of the field at fault, "" if none."""

    def __init__(self, category: int, message: str, param: str = "") -> None:
        super().__init__(message)
        self.category, self.message, self.param = category, message, param


def not_found(what: str, key: str) -> Refused:
    """The refusal for a key that names nothing."""
    return Refused(NOT_FOUND, f"Cannot find entity by key: '{key}'.", what)


def one_of(name: str, known: Iterable[str]) -> Refused:
    """The refusal for a value that is none of the choices (wording of the developer portal)."""
    return Refused(INVALID, f"'{name}' value should be one of: {', '.join(known)}", name)


def wrong_state(what: str, number: str, state: str, act: str) -> Refused:
    """The refusal for an act that the object's state does not allow."""
    return Refused(RULE, f"Cannot {act} {what} {number}: its status is {state}.", "status")
