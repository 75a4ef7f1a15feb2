"""SuiteQL to SQLite: what is allowed is written out, everything else is refused by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.transforms import eliminate_join_marks

from simulators.netsuite.rules.fields.catalogue import RECORDS, custom
from simulators.netsuite.rules.query.rewriting import ALLOWED, rewritten, rownum_limits
from simulators.netsuite.rules.query.tables import ALIASES, TABLE_OF, TABLES, columns, sorts
from simulators.netsuite.rules.refusal import Refused

# A text, or a number that is compared with something: taken out, so that queries which differ only
# in their values are translated once. A text after DATE is part of a literal of its own.
_LITERAL = re.compile(r"(?<!DATE )(?<!date )'(?:[^']|'')*'|(?<=[=<>])\s*-?\d+(?:\.\d+)?\b")
_COMMENT = re.compile(r"('(?:[^']|'')*')|--[^\n]*|/\*.*?\*/", re.DOTALL)
_TOP = re.compile(r"^\s*SELECT\s+(DISTINCT\s+)?TOP\s+(\d+)\s", re.IGNORECASE)
Value = str | int | float
_KEPT_MAX = 500


@dataclass(frozen=True, slots=True)
class Translated:
    """sql: for SQLite, values as :p1, :p2, …; days: the columns of the answer that are days or moments."""

    sql: str
    days: frozenset[str]


class Translator:
    """Remembers the last shapes of queries."""

    def __init__(self) -> None:
        self._kept: dict[str, Translated] = {}

    def translate(self, query: str) -> tuple[Translated, tuple[Value, ...]]:
        """(translated query, its values); INVALID_PARAMETER says what is not understood."""
        values: list[Value] = []

        def out(found: re.Match[str]) -> str:
            values.append(_value(found.group(0).strip()))
            return f" :p{len(values)} "

        shape = _LITERAL.sub(out, _COMMENT.sub(_uncommented, query).strip().rstrip(";"))
        known = self._kept.get(shape)
        if known is None:
            known = _translate(shape)
            if len(self._kept) >= _KEPT_MAX:
                del self._kept[next(iter(self._kept))]
            self._kept[shape] = known
        return known, tuple(values)


def _uncommented(found: re.Match[str]) -> str:
    return found.group(1) or " "


def _value(literal: str) -> Value:
    if literal.startswith("'"):
        return literal[1:-1].replace("''", "'")
    return float(literal) if "." in literal else int(literal)


def invalid_query(why: str) -> Refused:
    """The vendor's answer to a query it cannot run."""
    return Refused(
        "INVALID_PARAMETER",
        f"Invalid search query. Detailed unprocessed description follows. {why}",
        "QueryParam",
        "q",
    )


def _translate(shape: str) -> Translated:
    top = _TOP.match(shape)
    if top is not None:
        shape = f"SELECT {top.group(1) or ''}{shape[top.end() :]}"
    try:
        trees = sqlglot.parse(shape, read="oracle")
    except (SqlglotError, RecursionError) as error:
        raise invalid_query(f"Search error occurred: Invalid or unsupported search. {error}") from error
    if len(trees) != 1 or not isinstance(trees[0], exp.Select | exp.SetOperation):
        raise invalid_query(
            "Search error occurred: Invalid or unsupported search. Only one SELECT is supported."
        )
    tree: Any = trees[0]
    for node in tree.walk():
        if not isinstance(node, ALLOWED):
            raise invalid_query(f"Search error occurred: {type(node).__name__} is not supported here.")
    if top is not None and isinstance(tree, exp.Select):
        tree = tree.limit(int(top.group(2)))
    if any(column.args.get("join_mark") for column in tree.find_all(exp.Column)):
        tree = eliminate_join_marks(tree)
    rownum_limits(tree)
    tables = _tables(tree)
    days = _days(tree, tables)
    _check_columns(tree, tables)
    _name_outputs(tree)
    return Translated(rewritten(tree, tables).sql(dialect="sqlite"), days)


def _tables(tree: exp.Expression) -> dict[str, str]:
    """Alias or name -> table; every alias is prefixed, since SQLite reserves the word `transaction`."""
    inner = {each.alias.lower() for each in tree.find_all(exp.CTE)}
    found: dict[str, str] = {}
    for table in tree.find_all(exp.Table):
        written = table.name.lower()
        name = ALIASES.get(written, written)
        alias = (table.alias or written).lower()
        if name == "dual":
            table.parent.pop() if isinstance(table.parent, exp.From) else None
            continue
        if name not in TABLES and name not in inner:
            raise invalid_query(f"Search error occurred: Record '{table.name}' was not found.")
        found[alias] = name
        target = f"ns_{name}" if name in TABLES else f"q_{name}"
        table.set("this", exp.to_identifier(target))
        table.set("alias", exp.TableAlias(this=exp.to_identifier(f"q_{alias}")))
    for subquery in (*tree.find_all(exp.Subquery), *tree.find_all(exp.CTE)):
        if subquery.alias:
            found[subquery.alias.lower()] = ""
            subquery.set("alias", exp.TableAlias(this=exp.to_identifier(f"q_{subquery.alias.lower()}")))
    return found


@cache
def _loose_fields(table: str) -> frozenset[str]:
    """Fields that a table's records may have without a column, in lower case."""
    kinds = [kind for kind, each in TABLE_OF.items() if each == table]
    return frozenset(
        field.name.lower()
        for kind in kinds
        for field in RECORDS[kind].values()
        if not field.ruled and not field.shown
    )


def _is_extra(table: str, name: str) -> bool:
    if table not in TABLES or "extra__df" not in columns(table):
        return False
    prefixes = {custom(kind) for kind, each in TABLE_OF.items() if each == table} | (
        {"custcol"} if table == "transactionline" else set()
    )
    return name.startswith(tuple(prefixes)) or name in _loose_fields(table)


def _check_columns(tree: exp.Expression, tables: dict[str, str]) -> None:
    # SQLite would take an unknown quoted name for a text, so names are checked here.
    known = {table: frozenset(columns(table)) for table in tables.values() if table in TABLES}
    aliases = {each.alias.lower() for each in tree.find_all(exp.Alias)}
    loose = any(table not in TABLES for table in tables.values())
    for column in list(tree.find_all(exp.Column)):
        name, owner = column.name.lower(), column.table.lower()
        if owner and owner not in tables:
            raise invalid_query(f"Search error occurred: Record '{column.table}' was not found.")
        if name in ("rownum", "builtin") or isinstance(column.this, exp.Star):
            if owner:
                column.set("table", exp.to_identifier(f"q_{owner}"))
            continue
        places = [tables[owner]] if owner else [each for each in tables.values() if each in known]
        if name.endswith("__df") or not any(name in known.get(place, ()) for place in places):
            holder = owner or next((a for a, table in tables.items() if _is_extra(table, name)), "")
            if holder and name not in aliases and _is_extra(tables[holder], name):
                _take_extra(column, holder, name)
                continue
            fine = name in aliases or (loose and not owner) or (owner and tables[owner] not in TABLES)
            if not fine or name.endswith("__df"):
                raise invalid_query(
                    f"Search error occurred: Field '{column.name}' for record '{next(iter(places), '')}' "
                    "was not found."
                )
        if owner:
            column.set("table", exp.to_identifier(f"q_{owner}"))
        # Some names, such as `transaction`, are words of SQLite's own.
        column.set("this", exp.to_identifier(name, quoted=True))


def _take_extra(column: exp.Column, owner: str, name: str) -> None:
    cell = exp.column(exp.to_identifier("extra__df", quoted=True), f"q_{owner}")
    found: exp.Expression = exp.Anonymous(
        this="json_extract", expressions=[cell, exp.Literal.string(f'$."{name}"')]
    )
    found.meta["ours"] = True
    if isinstance(column.parent, exp.Select) and column.arg_key == "expressions":
        column.replace(exp.alias_(found, exp.to_identifier(name, quoted=True)))
    else:
        column.replace(found)


def _days(tree: exp.Expression, tables: dict[str, str]) -> frozenset[str]:
    select: Any = tree
    while isinstance(select, exp.SetOperation):
        select = select.this
    found: set[str] = set()
    for each in select.expressions if isinstance(select, exp.Select) else ():
        if isinstance(each, exp.Star) or (isinstance(each, exp.Column) and isinstance(each.this, exp.Star)):
            found |= {n for t in tables.values() if t in TABLES for n, s in sorts(t).items() if s in "DM"}
        elif _is_day(each.this if isinstance(each, exp.Alias) else each, tables):
            found.add(each.alias_or_name.lower())
    return frozenset(found)


_DAY_MAKERS = (exp.AddMonths, exp.LastDay, exp.StrToDate, exp.StrToTime, exp.DateTrunc, exp.CurrentDate,
               exp.CurrentTimestamp)  # fmt: skip


def _is_day(node: exp.Expression, tables: dict[str, str]) -> bool:
    if isinstance(node, exp.Max | exp.Min | exp.Coalesce | exp.Paren):
        return _is_day(node.this, tables)
    if isinstance(node, exp.Trunc):
        return _is_day(node.this, tables)
    if isinstance(node, exp.Anonymous) and node.name.upper() == "TRUNC" and node.expressions:
        return _is_day(node.expressions[0], tables)
    if isinstance(node, exp.Add | exp.Sub):
        # A day and a number of days are a day; two days are a number.
        return _is_day(node.this, tables) != _is_day(node.expression, tables)
    if isinstance(node, exp.Dot):
        return str(node.expression.name).upper() == "RELATIVE_RANGES"
    if isinstance(node, exp.Column):
        owner = node.table.lower()
        places = [tables.get(owner, "")] if owner else list(tables.values())
        return any(sorts(each).get(node.name.lower(), "T") in "DM" for each in places if each in TABLES)
    return isinstance(node, _DAY_MAKERS)


def _name_outputs(tree: exp.Expression) -> None:
    """Expressions without a name are called expr1, expr2, … by the vendor."""
    for select in tree.find_all(exp.Select):
        count = 0
        for i, each in enumerate(select.expressions):
            if isinstance(each, exp.Star) or (isinstance(each, exp.Column) and each.name.lower() != "rownum"):
                continue
            if isinstance(each, exp.Alias):
                each.set("alias", exp.to_identifier(each.alias.lower(), quoted=True))
                continue
            count += 1
            name = "rownum" if isinstance(each, exp.Column) else f"expr{count}"
            select.expressions[i] = exp.alias_(each.copy(), name)
