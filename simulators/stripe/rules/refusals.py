"""The one way in which the rules say no."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A request that was understood and refused.

    status: 400, 401, 402, 403, 404, 409 or 429; type, code, param: Stripe's words for it.
    intent, setup, method: the records that Stripe shows inside the error; reason: of a 429;
    decline: the issuer's no, where there is one; missing: the id that names nothing.
    """

    missing = ""

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        param: str = "",
        status: int = 400,
        type: str = "invalid_request_error",  # noqa: A002 - the vendor's own word
        decline_code: str = "",
        charge: str = "",
        intent: Any = None,
        method: Any = None,
        reason: str = "",
        setup: Any = None,
        decline: Any = None,
    ) -> None:
        super().__init__(message)
        self.message, self.code, self.param, self.status, self.type = message, code, param, status, type
        self.decline_code, self.charge, self.intent, self.method = decline_code, charge, intent, method
        self.reason, self.setup, self.decline = reason, setup, decline


def no_such(what: str, id: str, param: str, *, path: bool = False, elsewhere: str = "") -> Refused:  # noqa: A002
    """An unknown id: 404 in the path, 400 in a parameter (the 400 is unconfirmed).

    elsewhere: "test" or "live" when the other mode has such an object.
    """
    no = Refused(f"No such {what}: '{id}'", code="resource_missing", param=param, status=404 if path else 400)
    no.missing = id
    if elsewhere:
        add_hint(no, elsewhere)
    return no


def add_hint(no: Refused, elsewhere: str) -> None:
    """Say that the other mode has what is missing here."""
    here = "live" if elsewhere == "test" else "test"
    no.message += (
        f"; a similar object exists in {elsewhere} mode, but a {here} mode key was used to make this request."
    )
    no.missing = ""
