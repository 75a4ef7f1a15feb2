"""How AvaTax says no: one exception, its numbers and its statuses."""

from __future__ import annotations

# Name and number of each error, as in the vendor's SDK enumeration ErrorCodeId.
NUMBERS = {
    "EntityNotFoundError": 4,
    "ValueRequiredError": 5,
    "StringLengthError": 13,
    "InvalidQueryField": 17,
    "InvalidQueryValue": 18,
    "SyntaxError": 19,
    "AuthenticationException": 30,
    "ValidationException": 32,
    "AuthenticationIncomplete": 34,
    "BasicAuthIncorrect": 35,
    "BearerTokenInvalid": 37,
    "ModelRequiredException": 38,
    "JsonFormatError": 47,
    "InvalidDecimalValue": 48,
    "UnhandledException": 50,
    "ModelStateInvalid": 70,
    "DeleteInformation": 100,
    "IncorrectPathError": 139,
    "DuplicateNexusError": 144,
    "UnknownNexusError": 145,
    "ParentNexusNotFound": 146,
    "CriteriaNotSupportedError": 184,
    "CannotAdjustDocumentType": 195,
    "TransactionAlreadyCancelled": 198,
    "QueryParameterOutOfRange": 199,
    "GetTaxError": 300,
    "MissingAddress": 304,
    "InvalidAddress": 309,
    "MissingLine": 311,
    "DocumentNotCommitted": 313,
    "TimeoutRequested": 316,
    "ServerUnreachable": 500,
    "InvalidDocumentStatusForRefund": 700,
    "RefundTypeAndPercentageMismatch": 701,
    "InvalidDocumentTypeForRefund": 702,
    "RefundTypeAndLineMismatch": 703,
    "RefundLinesRequired": 704,
    "InvalidRefundType": 705,
    "RefundPercentageForTaxOnly": 706,
    "LineNoOutOfRange": 707,
    "RefundPercentageOutOfRange": 708,
    "RefundPercentageMissing": 709,
    "CannotModifyLockedTransaction": 1100,
    "TransactionNotCancelled": 1300,
    "TransactionAlreadyExists": 1303,
    "DateMismatch": 1305,
    "InvalidDocumentStatusForVerify": 1306,
    "TotalAmountMismatch": 1307,
    "TotalTaxMismatch": 1308,
    "TransactionIsCommitted": 1313,
    "InvalidDocumentStatus": 1314,
    "FieldNotOrderableError": 1411,
    "CannotDeleteParentBeforeChildNexus": 1500,
    "RequestLimitExceeded": 1715,
}


class TaxRefusal(Exception):
    """One "no" of the engine.

    code: a name of NUMBERS; message: what is wrong; description: what to do about it; param: the field
    or part it refers to; sub_code: the tax engine's own name, under the code GetTaxError.
    """

    def __init__(
        self, code: str, message: str, description: str = "", param: str = "", sub_code: str = ""
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.description = code, message, description
        self.param, self.sub_code = param, sub_code


def not_found(entity: str, identity: str) -> TaxRefusal:
    """Nothing here of that name."""
    return TaxRefusal("EntityNotFoundError", f"{entity} with ID '{identity}' not found.", param=entity)


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
