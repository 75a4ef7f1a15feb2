"""How the vendor reports that something is gone."""

from __future__ import annotations

from collections.abc import Iterable

from simulators.avatax.rules.numbers import NUMBERS
from simulators.kit.table import Reply, json_reply

_CODE = "DeleteInformation"


def deleted(entity: str, numbers: Iterable[int]) -> Reply:
    """200 with one ErrorDetail per deletion (unconfirmed: their text)."""
    return json_reply(
        200,
        [
            {
                "code": _CODE,
                "number": NUMBERS[_CODE],
                "message": f"{entity} with ID {number} deleted.",
                "description": f"{entity} with ID {number} deleted.",
                "helpLink": f"http://developer.avalara.com/avatax/errors/{_CODE}",
                "severity": "Success",
            }
            for number in numbers
        ],
    )
