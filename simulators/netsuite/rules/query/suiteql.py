"""SuiteQL to SQLite: what is allowed is written out, everything else is refused by name."""

from __future__ import annotations

import re
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from simulators.netsuite.rules.query.tables import TABLES, columns
from simulators.netsuite.rules.refusal import Refused

# A text, or a number that is compared with something: taken out, so that queries which differ only
# in their values are translated once.
_LITERAL = re.compile(r"'(?:[^']|'')*'|(?<=[=<>])\s*-?\d+(?:\.\d+)?\b")
Value = str | int | float
_COMMENT = re.compile(r"--|/\*")
_KEPT_MAX = 500

_ARITHMETIC = {exp.Add: "ns_add", exp.Sub: "ns_sub", exp.Mul: "ns_mul", exp.Div: "ns_div"}
_DATES = (exp.StrToDate, exp.StrToTime, exp.TsOrDsToDate)
_ALLOWED = (
    exp.Select, exp.From, exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered, exp.Join, exp.Table,
    exp.TableAlias, exp.Alias, exp.Column, exp.Identifier, exp.Literal, exp.Placeholder, exp.Null,
    exp.Boolean, exp.Star, exp.Paren, exp.Tuple, exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.LT,
    exp.LTE, exp.GT, exp.GTE, exp.In, exp.Between, exp.Like, exp.Is, exp.Neg, exp.Count, exp.Sum, exp.Min,
    exp.Max, exp.Coalesce, exp.Upper, exp.Lower, exp.Abs, exp.Round, exp.Case, exp.If, exp.DPipe,
    exp.Subquery, exp.Exists, exp.Distinct, exp.ToChar, exp.Anonymous, exp.Fetch, exp.LimitOptions,
    exp.With, exp.CTE, exp.Union, *_ARITHMETIC, *_DATES,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Translated:
    """sql: for SQLite, values as :p1, :p2, …; bounded: it has a row limit of its own."""

    sql: str
    bounded: bool


class Translator:
    """Remembers the last shapes of queries."""

    def __init__(self) -> None:
        self._kept: dict[str, Translated] = {}

    def translate(self, query: str) -> tuple[Translated, tuple[Value, ...]]:
        """(translated query, its values); INVALID_PARAMETER says what is not understood."""
        values: list[Value] = []

        def out(found: re.Match[str]) -> str:
            text = found.group(0)
            stripped = text.strip()
            values.append(_value(stripped))
            return f" :p{len(values)} "

        if _COMMENT.search(re.sub(r"'(?:[^']|'')*'", "", query)):
            raise invalid_query("Comments are not supported.")
        shape = _LITERAL.sub(out, query)
        known = self._kept.get(shape)
        if known is None:
            known = _translate(shape)
            if len(self._kept) >= _KEPT_MAX:
                del self._kept[next(iter(self._kept))]
            self._kept[shape] = known
        return known, tuple(values)


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
    try:
        trees = sqlglot.parse(shape, read="oracle")
    except SqlglotError as error:
        raise invalid_query(f"Search error occurred: Invalid or unsupported search. {error}") from error
    if len(trees) != 1 or not isinstance(trees[0], exp.Select | exp.Union):
        raise invalid_query("Only one SELECT is supported.")
    tree: exp.Expression = trees[0]
    for node in tree.walk():
        if not isinstance(node, _ALLOWED):
            raise invalid_query(f"Search error occurred: {type(node).__name__} is not supported here.")
    tables = _tables(tree)
    _check_columns(tree, tables)
    _name_outputs(tree)
    tree = tree.transform(_rewrite)
    return Translated(tree.sql(dialect="sqlite"), tree.args.get("limit") is not None)


def _tables(tree: exp.Expression) -> dict[str, str]:
    """Alias or name -> table; every alias is prefixed, since SQLite reserves the word `transaction`."""
    inner = {each.alias.lower() for each in tree.find_all(exp.CTE)}
    found: dict[str, str] = {}
    for table in tree.find_all(exp.Table):
        name = table.name.lower()
        alias = (table.alias or name).lower()
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


def _check_columns(tree: exp.Expression, tables: dict[str, str]) -> None:
    # SQLite would take an unknown quoted name for a text, so names are checked here.
    known = {table: frozenset(columns(table)) for table in tables.values() if table in TABLES}
    aliases = {each.alias.lower() for each in tree.find_all(exp.Alias)}
    loose = any(table not in TABLES for table in tables.values())
    for column in tree.find_all(exp.Column):
        name, owner = column.name.lower(), column.table.lower()
        if owner and owner not in tables:
            raise invalid_query(f"Search error occurred: Record '{column.table}' was not found.")
        places = [tables[owner]] if owner else [each for each in tables.values() if each in known]
        fine = (
            isinstance(column.this, exp.Star)
            or any(name in known.get(place, ()) for place in places)
            or name in aliases
            or (loose and not owner)
            or (owner and tables[owner] not in TABLES)
        )
        if not fine:
            main = next(iter(tables.values()), "")
            raise invalid_query(
                f"Search error occurred: Field '{column.name}' for record '{main}' was not found."
            )
        if owner:
            column.set("table", exp.to_identifier(f"q_{owner}"))
        if not isinstance(column.this, exp.Star):
            # Some names, such as `transaction`, are words of SQLite's own.
            column.set("this", exp.to_identifier(name, quoted=True))


def _name_outputs(tree: exp.Expression) -> None:
    """Expressions without a name are called expr1, expr2, … by the vendor."""
    for select in tree.find_all(exp.Select):
        count = 0
        for i, each in enumerate(select.expressions):
            if isinstance(each, exp.Column | exp.Star):
                continue
            if isinstance(each, exp.Alias):
                each.set("alias", exp.to_identifier(each.alias.lower(), quoted=True))
                continue
            count += 1
            select.expressions[i] = exp.alias_(each.copy(), f"expr{count}")


def _rewrite(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.Sum):
        if isinstance(node.this, exp.Distinct):
            raise invalid_query("Search error occurred: SUM(DISTINCT …) is not supported here.")
        return exp.Anonymous(this="ns_sum", expressions=[node.this])
    if isinstance(node, _DATES):
        pattern = node.args.get("format") or exp.Literal.string("YYYY-MM-DD")
        return exp.Anonymous(this="ns_to_date", expressions=[node.this, pattern])
    if isinstance(node, exp.ToChar):
        return exp.Anonymous(this="ns_to_char", expressions=[node.this, node.args["format"]])
    if isinstance(node, exp.Anonymous) and not node.name.startswith("ns_"):
        raise invalid_query(f"Search error occurred: Function '{node.name}' is not supported here.")
    name = _ARITHMETIC.get(type(node))  # type: ignore[arg-type]
    if name:
        return exp.Anonymous(this=name, expressions=[node.this, node.args["expression"]])
    return node
