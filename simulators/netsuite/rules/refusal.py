"""The one way in which NetSuite says no."""

from __future__ import annotations

# NetSuite folds business rules into USER_ERROR behind this opening (seen in clients' logs).
_OPENING = "Error while accessing a resource. "


class Refused(Exception):
    """code: o:errorCode; detail: o:errorDetails detail; place, where: what is wrong.

    place: "Path" (property), "QueryParam", "Header" or "Url"; "" where the vendor names none.
    """

    def __init__(self, code: str, detail: str, place: str = "", where: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail, self.place, self.where = code, detail, place, where


def user_error(detail: str) -> Refused:
    """A business rule says no."""
    return Refused("USER_ERROR", _OPENING + detail)


def missing(*labels: str) -> Refused:
    """Mandatory fields were left empty."""
    return user_error(f"Please enter value(s) for: {', '.join(labels)}")


def invalid_value(field: str, value: object) -> Refused:
    """A reference or a value that the field does not take; `field` is its path in the body."""
    name = field.rsplit(".", 1)[-1]
    detail = f"You have entered an Invalid Field Value {value} for the following field: {name}"
    return Refused("INVALID_CONTENT", _OPENING + detail, "Path", field)


def invalid_content(detail: str, path: str = "") -> Refused:
    """The body is not what it should be."""
    return Refused("INVALID_CONTENT", detail, "Path" if path else "", path)


def exists(what: str = "record") -> Refused:
    """A name or an external id that must not repeat is taken."""
    return user_error(f"This {what} already exists.")


def nonexistent(kind: str, key: str) -> Refused:
    """No such record."""
    return Refused(
        "NONEXISTENT_ID",
        "The record instance does not exist. Provide a valid record instance ID.",
        "Url",
        f"/services/rest/record/v1/{kind}/{key}",
    )


def forbidden(what: str) -> Refused:
    """The role of the token may not do this."""
    return Refused(
        "INSUFFICIENT_PERMISSION",
        f"Permission Violation: You need a higher level of permission to {what}.",
    )
