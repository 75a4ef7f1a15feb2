"""Journals with their lines, as the ledger keeps them: read by a query that names what lines refer to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import groupby

from core.canonical.erp import Dimensions, Journal, JournalLine
from core.canonical.money import Money
from core.connectors.netsuite import wire
from core.connectors.netsuite.api import Api
from core.connectors.netsuite.entities import Entities
from core.connectors.netsuite.judge import SYSTEM
from core.connectors.netsuite.references import References
from core.connectors.netsuite.wire import Json
from core.connectors.shapes import day, drifted, money, one_of
from core.finance.ledger.dimensions import Carried

# So many in one query: its text stays short.
_AT_ONCE = 200


async def entries(
    api: Api, references: References, entities: Entities, carries: Collection[Carried], ids: Iterable[str]
) -> dict[str, Journal]:
    """By internal id; what is not there, or no journal, is left out. carries: what lines have."""
    codes, found = await references.codes(), {}
    wanted = sorted({id_ for id_ in ids if id_.isdecimal()}, key=int)
    for begin in range(0, len(wanted), _AT_ONCE):
        some = wanted[begin : begin + _AT_ONCE]
        text = wire.journal_lines(some, carries, several=entities.several)
        rows = await api.query("list_journal_lines", f"{some[0]}+{len(some)}", text)
        whose = {
            id_: await entities.key(id_)
            for id_ in sorted({str(row.get(n) or "") for row in rows for n in ("subsidiary", "partner")})
        }
        for id_, lines in groupby(rows, key=lambda row: str(row["id"])):
            found[id_] = entry(list(lines), codes, whose)
    return found


def entry(rows: list[Json], codes: Mapping[str, str], entities: Mapping[str, str]) -> Journal:
    """Rows of one journal, in the order of its lines. codes: ISO codes by internal id; entities: keys of ours
    by subsidiary. Held if it does not balance."""
    head = rows[0]
    currency = one_of(head["currency"], codes, "currency", SYSTEM)
    turned = head.get("turned")
    try:
        return Journal(
            key=str(head.get("externalid") or ""),
            on=day(head["day"], "day", SYSTEM),
            currency=currency,
            memo=str(head.get("says") or ""),
            lines=tuple(_line(row, currency, entities) for row in rows),
            entity=entities.get(str(head.get("subsidiary") or ""), ""),
            reverse_on=day(turned, "turned", SYSTEM) if turned else None,
        )
    except ValueError as error:
        raise drifted(SYSTEM, f"transactionline: {error}") from None


def _line(row: Json, currency: str, entities: Mapping[str, str]) -> JournalLine:
    amount, nothing = money(row.get("amount"), currency, "amount", SYSTEM), Money(0, currency)
    at = Dimensions(**{name: str(row.get(name) or "") for name in wire.DIMENSIONS})
    return JournalLine(
        account=str(row["account"]),
        debit=max(amount, nothing, key=lambda each: each.minor),
        credit=max(-amount, nothing, key=lambda each: each.minor),
        memo=str(row.get("memo") or ""),
        at=at,
        partner=entities.get(str(row.get("partner") or ""), ""),
    )
