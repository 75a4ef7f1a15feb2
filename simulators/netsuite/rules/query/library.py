"""A copy of the records for reading, in SQLite in memory, brought up to date before every query."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from weakref import WeakMethod

from simulators.kit.clock import day
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.query import texts
from simulators.netsuite.rules.query.filters import to_sql
from simulators.netsuite.rules.query.functions import install
from simulators.netsuite.rules.query.names import Names
from simulators.netsuite.rules.query.rows import rows_of
from simulators.netsuite.rules.query.standing import bury, fill
from simulators.netsuite.rules.query.suiteql import Translator, invalid_query
from simulators.netsuite.rules.query.tables import INDEXES, PARTS, TABLE_OF, TABLES, columns
from simulators.netsuite.rules.refusal import Refused

_TYPES = {"I": "INTEGER", "N": "NUMERIC", "T": "TEXT", "D": "TEXT", "M": "TEXT"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_BALANCES = re.compile(r"(?:balance|orders|overdue)search|daysopen|(?<!\()\*", re.IGNORECASE)
LIMIT_MAX = 1000
# No query gives more than this, over all of its pages.
ROWS_MAX = 100_000
_OFFSET_MAX = 10**12


@dataclass(frozen=True, slots=True)
class Found:
    """One page: rows by column name, values as text; total: rows of the whole answer."""

    rows: list[dict[str, str]]
    total: int


class Library:
    """One a company; costs nothing until the first query."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._translator = Translator()
        self._base: sqlite3.Connection | None = None
        self._aged: date | None = None
        self._buried = 0  # changes that have been looked through for deletions

    def __getstate__(self) -> dict[str, object]:
        return {"company": self._company}

    def __setstate__(self, state: dict[str, Company]) -> None:
        # The copy is made again from the records when it is next asked for.
        self.__init__(state["company"])  # type: ignore[misc]
        for kind, shelf in self._company.shelves.items():
            for row in shelf:
                self._company.touch(kind, row.id)

    def query(self, text: str, limit: int, offset: int) -> Found:
        """Run SuiteQL; INVALID_PARAMETER if it cannot be run."""
        translated, values = self._translator.translate(text)
        base = self._fresh(_BALANCES.search(text) is not None)
        named = {f"p{i}": value for i, value in enumerate(values, 1)}
        wanted = max(min(limit, ROWS_MAX - offset), 0)
        try:
            cursor = base.execute(
                f"SELECT * FROM ({translated.sql}) LIMIT {wanted + 1} OFFSET {offset}", named
            )
            rows = cursor.fetchall()
            total = offset + len(rows)
            if len(rows) > wanted or (offset and not rows):
                total = base.execute(f"SELECT COUNT(*) FROM ({translated.sql})", named).fetchone()[0]
        except (sqlite3.Error, OverflowError) as error:
            raise invalid_query(f"Search error occurred: {error}") from error
        names = [each[0].lower() for each in cursor.description]
        dated = [name in translated.days for name in names]
        found = [_texts(names, dated, row) for row in rows[:wanted]]
        return Found(found, min(total, ROWS_MAX))

    def collection(self, kind: str, q: str, limit: int, offset: int) -> tuple[list[str], int]:
        """(internal ids of one page, total) of a record type, filtered by `q` where given."""
        condition, values = to_sql(kind, q) if q else ("1", ())
        table = TABLE_OF[kind]
        if table in ("transaction", "item"):
            condition += f" AND recordtype = '{kind.lower()}'"
        base = self._fresh(_BALANCES.search(condition) is not None)
        tail = f"FROM ns_{table} WHERE {condition}"
        page = f"SELECT id {tail} ORDER BY id LIMIT {limit} OFFSET {offset}"
        ids = [str(row[0]) for row in base.execute(page, values)]
        total = base.execute(f"SELECT COUNT(*) {tail}", values).fetchone()[0]
        return ids, total

    def _fresh(self, balances: bool) -> sqlite3.Connection:
        if balances:
            # What customers owe is worked out only where it is asked for.
            self._age()
            for key in self._company.stale:
                self._company.touch("customer", key)
            self._company.stale.clear()
        if self._base is None:
            self._names = Names(self._company)
            self._base = _open(self._names)
            self._buried = 0
        if self._company.dirty:
            self._catch_up(self._base)
        return self._base

    def _age(self) -> None:
        """On another day than last time, what is open has another age, and what is owed may be overdue."""
        today = day(self._company.clock.now())
        if today == self._aged:
            return
        self._aged = today
        self._company.stale |= dict.fromkeys(row.id for row in self._company.customers)
        for row in self._company.shelves["invoice"]:
            if row.remaining:
                self._company.touch("invoice", row.id)

    def _catch_up(self, base: sqlite3.Connection) -> None:
        base.execute("BEGIN")
        try:
            self._write(base)
        except BaseException:
            base.execute("ROLLBACK")
            raise
        base.execute("COMMIT")
        self._buried = bury(base, self._company.history.changes, self._buried)
        self._company.dirty.clear()

    def _write(self, base: sqlite3.Connection) -> None:
        for kind, key in self._company.dirty:
            main = TABLE_OF[kind]
            for part in PARTS.get(main, (main,)):
                base.execute(f'DELETE FROM ns_{part} WHERE "{columns(part)[0]}" = ?', (int(key),))
            row = self._company.shelves[kind].get(key)
            if row is None:
                continue
            for table, rows in rows_of(self._company, kind, row).items():
                marks = ", ".join("?" * len(columns(table)))
                base.executemany(f"INSERT INTO ns_{table} VALUES ({marks})", rows)


def page_bounds(args: dict[str, str]) -> tuple[int, int]:
    """(limit, offset) of a request; the offset must be a multiple of the limit."""
    limit, offset = _whole(args, "limit", LIMIT_MAX), _whole(args, "offset", 0)
    if not 1 <= limit <= LIMIT_MAX:
        raise _bad("limit", f"The limit must be between 1 and {LIMIT_MAX}.")
    if not 0 <= offset <= _OFFSET_MAX or offset % limit:
        raise _bad("offset", f"The offset must be divisible by the limit {limit}.")
    return limit, offset


def _whole(args: dict[str, str], name: str, default: int) -> int:
    text = args.get(name)
    if text is None:
        return default
    try:
        return int(text)
    except ValueError:
        raise _bad(name, f"'{text}' is not a whole number.") from None


def _bad(name: str, why: str) -> Refused:
    return Refused("INVALID_PARAMETER", f"Invalid query parameter {name}. {why}", "QueryParam", name)


def _weakly(act: Callable[..., Any]) -> Callable[..., Any]:
    """SQLite keeps its functions where the collector does not look: a strong one would hold the whole mock,
    which holds the database, for ever."""
    kept = WeakMethod(act)

    def call(*given: Any) -> Any:
        found = kept()
        assert found is not None, "the database outlives no mock"
        return found(*given)

    return call


def _open(names: Names) -> sqlite3.Connection:
    # No implicit transactions: the only one is catching up, and no await falls inside it.
    base = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    base.execute("PRAGMA case_sensitive_like = ON")
    install(base)
    texts.install(base)
    for name, arguments, act in (
        ("ns_df", 2, names.shown),
        ("ns_now", 0, names.now),
        ("ns_relative", 2, names.relative),
    ):
        base.create_function(name, arguments, _weakly(act))
    for table, listed in TABLES.items():
        typed = [each.split() for each in listed.split(", ")]
        key = typed[0][0]
        whole = " PRIMARY KEY" if key == "id" else ""
        body = ", ".join(f'"{name}" {_TYPES[sort]}{whole if name == key else ""}' for name, sort in typed)
        base.execute(f"CREATE TABLE ns_{table} ({body})")
        if not whole:
            base.execute(f'CREATE INDEX ix_{table} ON ns_{table} ("{key}")')
    fill(base)
    for i, (table, listed) in enumerate(INDEXES):
        base.execute(f"CREATE INDEX ix_{i} ON ns_{table} ({listed})")
    return base


def _texts(names: list[str], dated: list[bool], row: tuple[object, ...]) -> dict[str, str]:
    # Columns without a value are left out of the vendor's rows.
    return {
        name: _day(value) if day else _text(value)
        for name, day, value in zip(names, dated, row, strict=True)
        if value is not None and not name.endswith("__df")
    }


def _day(value: object) -> str:
    # Days and moments are given in the user's own format, by default month first (unconfirmed for REST).
    text = _text(value)
    if not _DAY.match(text):
        return text
    return f"{int(text[5:7])}/{int(text[8:10])}/{text[:4]}"


def _text(value: object) -> str:
    return format(Decimal(repr(value)).normalize(), "f") if isinstance(value, float) else str(value)
