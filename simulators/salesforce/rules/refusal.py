"""The one way in which the org says no."""

from __future__ import annotations


class Refused(Exception):
    """code: Salesforce's errorCode; message: its text; fields: API names concerned.

    related: ids of records concerned, where the code points at some (several upsert matches).
    """

    def __init__(
        self, code: str, message: str, fields: tuple[str, ...] = (), related: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.fields, self.related = code, message, fields, related
