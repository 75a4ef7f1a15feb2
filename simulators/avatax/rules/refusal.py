"""How AvaTax says no: one exception, and the refusals that are made in more than one place."""

from __future__ import annotations

from collections.abc import Sequence


class TaxRefusal(Exception):
    """One "no" of the engine.

    code: a name of NUMBERS; message: what is wrong; description: what to do about it; param: the field
    or part it refers to; sub_code: the tax engine's own name, under the code GetTaxError; more: further
    things that are wrong with the same request.
    """

    def __init__(
        self,
        code: str,
        message: str,
        description: str = "",
        param: str = "",
        sub_code: str = "",
        more: Sequence[TaxRefusal] = (),
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.description = code, message, description
        self.param, self.sub_code, self.more = param, sub_code, tuple(more)


def not_found(entity: str, identity: str) -> TaxRefusal:
    """Nothing here of that name (texts: the vendor's error page)."""
    return TaxRefusal(
        "EntityNotFoundError",
        f"{entity} not found.",
        f"The {entity} with ID '{identity}' was not found.",
        entity,
    )


def engine(sub_code: str, message: str, description: str = "", param: str = "") -> TaxRefusal:
    """The calculation itself failed; faultSubCode names why (seen in public error parsers)."""
    return TaxRefusal("GetTaxError", message, description, param, sub_code)


def doc_status(expected: str) -> TaxRefusal:
    """The document is in the wrong state for this (the vendor's blog on DocStatusError)."""
    return engine(
        "DocStatusError", "DocStatus is invalid for this operation.", f"Expected {expected}", "DocStatus"
    )


def locked(code: str) -> TaxRefusal:
    """Reported to an authority already."""
    return TaxRefusal(
        "CannotModifyLockedTransaction",
        "Modifying a locked document is not allowed.",
        f"Document {code} is locked. Modification is not allowed.",
    )


def wrong_status(code: str, status: str) -> TaxRefusal:
    """The act is not for documents in that state."""
    return TaxRefusal(
        "InvalidDocumentStatus",
        "This document status is incorrect for this operation.",
        f"The document {code} has a status of {status}. This operation is not allowed for a document "
        f"with the status of {status}.",
        "DocStatus",
    )


def required(field: str) -> TaxRefusal:
    """A field is missing or empty."""
    return TaxRefusal(
        "ValueRequiredError",
        f"Field {field} is required.",
        f"Please provide a value for field {field}.",
        field,
    )


def malformed(value: object, kind: str, field: str) -> TaxRefusal:
    """A value that cannot be read as what it should be."""
    return TaxRefusal(
        "ModelStateInvalid",
        "Invalid JSON object.",
        "The request body does not represent a valid JSON object.  "
        f"The value '{value}' is not a valid '{kind}'.",
        field,
    )


def duplicate(entity: str, fields: str) -> TaxRefusal:
    """There is one with the same identity already."""
    return TaxRefusal(
        "DuplicateEntry",
        "The object is a duplicate of an existing object.",
        "The object that you are trying to create already exists. Each "
        f"{entity} object must have a unique identity. The identity of a {entity} is determined by the "
        f"fields: {fields}.",
        entity,
    )


def too_long(field: str, longest: int) -> TaxRefusal:
    """Text that does not fit its field."""
    return TaxRefusal(
        "StringLengthError",
        f"Field {field} has an invalid length.",
        f"Length for field {field} must be between 0 and {longest} characters.",
        field,
    )
