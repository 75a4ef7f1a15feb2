"""Node by node from Oracle's dialect to SQLite's, with functions of our own where they differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp

from simulators.netsuite.rules.query.tables import POINTS_TO, TABLES, sorts
from simulators.netsuite.rules.query.textual import TEXTUAL
from simulators.netsuite.rules.refusal import Refused

_ARITHMETIC = {exp.Add: "ns_add", exp.Sub: "ns_sub", exp.Mul: "ns_mul", exp.Div: "ns_div", exp.Mod: "ns_mod"}
_DATES = (exp.StrToDate, exp.StrToTime, exp.TsOrDsToDate)
_TRUNCS = (exp.Trunc, exp.DateTrunc, exp.TimestampTrunc)
_WINDOWS = (
    exp.Window, exp.WindowSpec, exp.RowNumber, exp.Rank, exp.DenseRank, exp.Lag, exp.Lead, exp.FirstValue,
    exp.LastValue,
)  # fmt: skip
ALLOWED: tuple[type[Any], ...] = (
    exp.Select, exp.From, exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered, exp.Join, exp.Table,
    exp.TableAlias, exp.Alias, exp.Column, exp.Identifier, exp.Literal, exp.Placeholder, exp.Null,
    exp.Boolean, exp.Star, exp.Paren, exp.Tuple, exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.LT,
    exp.LTE, exp.GT, exp.GTE, exp.In, exp.Between, exp.Like, exp.Escape, exp.Is, exp.Neg, exp.Count, exp.Sum,
    exp.Avg, exp.Min, exp.Max, exp.Coalesce, exp.Nullif, exp.Nvl2, exp.DecodeCase, exp.Upper, exp.Lower,
    exp.Abs, exp.Round, exp.Floor, exp.Ceil, exp.Sign, exp.Greatest, exp.Least, exp.Case, exp.If, exp.DPipe,
    exp.Concat, exp.Substring, exp.StrPosition, exp.Length, exp.Trim, exp.Replace, exp.Cast, exp.DataType,
    exp.ToNumber, exp.Subquery, exp.Exists, exp.Distinct, exp.ToChar, exp.Anonymous, exp.Dot, exp.Fetch,
    exp.Limit, exp.Offset, exp.LimitOptions, exp.With, exp.CTE, exp.SetOperation, exp.CurrentTimestamp,
    exp.CurrentDate, exp.AddMonths, exp.LastDay, exp.MonthsBetween, exp.Extract, exp.Var, exp.GroupConcat,
    exp.DateStrToDate, exp.Date, exp.TimeToStr, exp.All, exp.Any, exp.DataTypeParam, exp.Sqrt,
    *TEXTUAL, *_ARITHMETIC, *_DATES, *_TRUNCS, *_WINDOWS,
)  # fmt: skip
_COMPARED = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between)
_BUILTIN = frozenset({"DF", "CF", "HIERARCHY", "NAME", "CONSOLIDATE", "CURRENCY_CONVERT", "RELATIVE_RANGES"})


def unsupported(what: str) -> Refused:
    """A query asks for something that is not here."""
    detail = f"Invalid search query. Detailed unprocessed description follows. Search error occurred: {what}"
    return Refused("INVALID_PARAMETER", detail, "QueryParam", "q")


def rownum_limits(tree: exp.Expression) -> None:
    """WHERE ROWNUM <= n becomes a limit; elsewhere ROWNUM numbers the rows."""
    for select in tree.find_all(exp.Select):
        where = select.args.get("where")
        if where is None:
            continue
        kept = []
        for each in where.this.flatten() if isinstance(where.this, exp.And) else [where.this]:
            if isinstance(each, exp.LTE | exp.LT | exp.EQ) and _is_rownum(each.this):
                most = each.expression.copy()
                if isinstance(each, exp.LT):
                    most = exp.Paren(this=exp.Sub(this=most, expression=exp.Literal.number(1)))
                # Oracle numbers rows before it sorts them.
                inner = select.args.get("order")
                if inner is None or select.args.get("limit") is None:
                    select.set("limit", exp.Limit(expression=most))
            else:
                kept.append(each)
        select.set("where", exp.Where(this=exp.and_(*kept, copy=False)) if kept else None)


def _is_rownum(node: exp.Expression) -> bool:
    return isinstance(node, exp.Column) and node.name.lower() == "rownum" and not node.table


def _call(name: str, *given: exp.Expression | None) -> exp.Expression:
    return exp.Anonymous(this=name, expressions=[each if each is not None else exp.null() for each in given])


def rewritten(tree: exp.Expression, tables: dict[str, str]) -> exp.Expression:
    """The whole tree, children before their parents."""
    nodes: list[Any] = list(tree.walk())
    for node in reversed(nodes):
        found = _rewrite(node, tables)
        if found is not node:
            node.replace(found)
    return tree


def _rewrite(node: exp.Expression, tables: dict[str, str]) -> exp.Expression:
    if isinstance(node, exp.Dot):
        return _builtin(node, tables)
    if isinstance(node, exp.Column) and _is_rownum(node):
        return exp.Window(this=exp.RowNumber())
    if isinstance(node, exp.EQ | exp.NEQ | exp.In) and _is_status(node.this, tables):
        return _status(node)
    if isinstance(node, _COMPARED) and _is_day(node.this, tables):
        return _compared(node)
    if isinstance(node, exp.Anonymous):
        # Our own functions are put in only here, so that one of that name is a caller's.
        if node.name.upper() == "TRUNC" and not node.meta.get("ours"):
            # So it is read where what it is cut to was taken out as a value.
            return _call("ns_trunc", *node.expressions[:2])
        if not isinstance(node.parent, exp.Dot) and not node.meta.get("ours"):
            raise unsupported(f"Function '{node.name}' is not supported here.")
        return node
    name = _ARITHMETIC.get(type(node))  # type: ignore[arg-type]
    if name:
        return _call(name, node.this, node.args["expression"])
    by = _BY_NODE.get(type(node))
    return by(node) if by else node


def _to_date(node: exp.Expression) -> exp.Expression:
    return _call("ns_to_date", node.this, node.args.get("format") or exp.Literal.string("YYYY-MM-DD"))


def _to_char(node: exp.Expression) -> exp.Expression:
    return _call("ns_to_char", node.this, node.args.get("format"))


def _trunc(node: exp.Expression) -> exp.Expression:
    unit = node.args.get("unit") or node.args.get("decimals")
    return _call("ns_trunc", node.this, exp.Literal.string(unit.name) if isinstance(unit, exp.Var) else unit)


def _now(_: exp.Expression) -> exp.Expression:
    return _call("ns_now")


def _today(_: exp.Expression) -> exp.Expression:
    return _call("ns_trunc", _call("ns_now"), None)


def _add_months(node: exp.Expression) -> exp.Expression:
    return _call("ns_add_months", node.this, node.expression)


def _last_day(node: exp.Expression) -> exp.Expression:
    return _call("ns_last_day", node.this)


def _months_between(node: exp.Expression) -> exp.Expression:
    return _call("ns_months_between", node.this, node.expression)


def _extract(node: exp.Expression) -> exp.Expression:
    return _call("ns_extract", exp.Literal.string(node.name), node.expression)


def _to_number(node: exp.Expression) -> exp.Expression:
    return _call("ns_to_number", node.this)


def _round(node: exp.Expression) -> exp.Expression:
    return _call("ns_round", node.this, node.args.get("decimals"))


def _piped(node: exp.Expression) -> exp.Expression:
    return exp.DPipe(this=_not_null(node.this), expression=_not_null(node.expression))


def _concat(node: exp.Expression) -> exp.Expression:
    parts = [_not_null(each) for each in node.expressions]
    found = parts[0]
    for each in parts[1:]:
        found = exp.DPipe(this=found, expression=each)
    return exp.Paren(this=found)


def _is_status(node: exp.Expression, tables: dict[str, str]) -> bool:
    if not isinstance(node, exp.Column) or node.name.lower() != "status":
        return False
    owner = node.table.lower().removeprefix("q_")
    return "transaction" in ([tables.get(owner)] if owner else tables.values())


def _status(node: exp.EQ | exp.NEQ | exp.In) -> exp.Expression:
    """A status is compared by its letter, or by type and letter as in 'CustInvc:A'."""
    owner = node.this.args.get("table")
    kind = exp.Column(this=exp.to_identifier("type", quoted=True), table=owner.copy() if owner else None)
    letter = exp.DPipe(this=exp.Literal.string(":"), expression=node.this.copy())
    full = node.copy()
    full.set("this", exp.Paren(this=exp.DPipe(this=kind, expression=letter)))
    join = exp.and_ if isinstance(node, exp.NEQ) else exp.or_
    return exp.Paren(this=join(node.copy(), full, copy=False))


def _is_day(node: exp.Expression, tables: dict[str, str]) -> bool:
    if not isinstance(node, exp.Column):
        return False
    owner = node.table.lower().removeprefix("q_")
    places = [tables.get(owner, "")] if owner else list(tables.values())
    return any(sorts(each).get(node.name.lower(), "T") in "DM" for each in places if each in TABLES)


def _compared(node: exp.Expression) -> exp.Expression:
    """A text that a day is compared with may be written as the user writes days."""
    for name in ("expression", "low", "high"):
        value = node.args.get(name)
        if isinstance(value, exp.Placeholder):
            node.set(name, _call("ns_day", value.copy()))
    return node


def _aggregate(node: exp.Expression) -> exp.Expression:
    if isinstance(node.this, exp.Distinct):
        raise unsupported("SUM(DISTINCT …) is not supported here.")
    if isinstance(node.parent, exp.Window):
        return node
    return _call("ns_sum" if isinstance(node, exp.Sum) else "ns_avg", node.this)


def _listed(node: exp.Expression) -> exp.Expression:
    value, key = node.this, exp.null()
    if isinstance(value, exp.Order):
        key = value.expressions[0].this.copy()
        value = value.this
    return _call("ns_listagg", value, node.args.get("separator") or exp.Literal.string(""), key)


def _not_null(node: exp.Expression) -> exp.Expression:
    # To Oracle a text and nothing is the text.
    return exp.Coalesce(this=node, expressions=[exp.Literal.string("")])


def _cast(node: exp.Expression) -> exp.Expression:
    sort, found = node.args["to"].this, node.this
    if sort == exp.DataType.Type.DATE:
        return _call("ns_trunc", found, None)
    return found if sort in (exp.DataType.Type.TIMESTAMP, exp.DataType.Type.DATETIME) else node


def _builtin(node: exp.Dot, tables: dict[str, str]) -> exp.Expression:
    inner = node.expression
    if node.name.lower() != "builtin" and getattr(node.this, "name", "").lower() != "builtin":
        raise unsupported(f"'{node.sql()}' is not supported here.")
    if not isinstance(inner, exp.Anonymous) or inner.name.upper() not in _BUILTIN or not inner.expressions:
        raise unsupported(f"Function 'BUILTIN.{inner.name}' is not supported here.")
    value: exp.Expression = inner.expressions[0]
    if inner.name.upper() == "RELATIVE_RANGES":
        return _call("ns_relative", *inner.expressions[:2])
    if inner.name.upper() != "DF":
        return value
    if not isinstance(value, exp.Column):
        return value
    name, owner = value.name.lower(), value.table.lower().removeprefix("q_")
    if name == "status":
        value.set("this", exp.to_identifier("status__df", quoted=True))
        return value
    kind = POINTS_TO.get(name, "text")
    if name in ("type", "parent") and tables.get(owner, next(iter(tables.values()), "")) in TABLES:
        table = tables.get(owner, next(iter(tables.values()), ""))
        kind = kind if table == "transaction" else table if name == "parent" else "text"
    return _call("ns_df", exp.Literal.string(kind), value)


_BY_NODE: dict[type[exp.Expression], Callable[[exp.Expression], exp.Expression]] = {
    exp.Sum: _aggregate,
    exp.Avg: _aggregate,
    exp.ToChar: _to_char,
    exp.TimeToStr: _to_char,
    exp.CurrentTimestamp: _now,
    exp.CurrentDate: _today,
    exp.AddMonths: _add_months,
    exp.LastDay: _last_day,
    exp.MonthsBetween: _months_between,
    exp.Extract: _extract,
    exp.ToNumber: _to_number,
    exp.Round: _round,
    exp.DPipe: _piped,
    exp.Concat: _concat,
    exp.Cast: _cast,
    exp.GroupConcat: _listed,
    **TEXTUAL,
    **dict.fromkeys(_DATES, _to_date),
    **dict.fromkeys(_TRUNCS, _trunc),
}
