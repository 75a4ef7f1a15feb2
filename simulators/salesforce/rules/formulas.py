"""The formula language of validation rules, as far as such rules use it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput

from simulators.salesforce.rules.refusal import Refused


@dataclass(frozen=True, slots=True)
class View:
    """What a formula sees: how a field path is read, now and before; the present day; whether new."""

    read: Callable[[str], Any]
    before: Callable[[str], Any]
    today: date
    now: str
    new: bool


@lru_cache(maxsize=1)
def _grammar() -> Lark:
    text = Path(__file__).with_name("formula.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", maybe_placeholders=False)


@lru_cache(maxsize=512)
def parsed(formula: str) -> Tree[Token] | Token:
    """The tree of a formula; INVALID_FORMULA if it is none or calls what is not known here."""
    bare = re.sub(r"/\*.*?\*/", " ", formula, flags=re.DOTALL)
    try:
        tree: Tree[Token] = _grammar().parse(bare)
    except UnexpectedInput as error:
        raise Refused("FIELD_INTEGRITY_EXCEPTION", f"Error: Syntax error at {error.column}") from None
    for call in tree.find_data("call"):
        name = str(call.children[0]).upper()
        if name not in _CALLS and name not in _LAZY:
            raise Refused("FIELD_INTEGRITY_EXCEPTION", f"Error: Unknown function {name}. Check spelling.")
    return tree


def paths(formula: str) -> list[str]:
    """The field paths that a formula reads."""
    tree = parsed(formula)
    found = tree.find_data("name") if isinstance(tree, Tree) else ()
    names = [str(each.children[0]) for each in found]
    return [name for name in names if name.upper() not in ("TRUE", "FALSE", "NULL")]


def holds(formula: str, view: View) -> bool:
    """Whether a formula is true; one that cannot be worked out is not."""
    try:
        return _of(parsed(formula), view) is True
    except (TypeError, InvalidOperation, ZeroDivisionError, ValueError, OverflowError):
        return False


def _of(node: Any, view: View) -> Any:
    if not isinstance(node, Tree):
        raise TypeError(str(node))
    children: list[Any] = list(node.children)
    return _NODES[node.data](children, view)


def _name(children: list[Any], view: View) -> Any:
    name = str(children[0])
    constant = {"TRUE": True, "FALSE": False, "NULL": None}.get(name.upper(), name)
    return view.read(name) if constant is name else constant


def _compare(children: list[Any], view: View) -> Any:
    left, right = _like(_of(children[0], view), _of(children[2], view))
    sign = str(children[1])
    if sign in ("=", "=="):
        return left == right
    if sign in ("<>", "!="):
        return left != right
    if left in (None, "") or right in (None, ""):
        return False
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[sign]


def _like(left: Any, right: Any) -> tuple[Any, Any]:
    """Both in one form: blank text is nothing, dates are compared as dates."""
    left, right = (None if each == "" else each for each in (left, right))
    if isinstance(left, date) or isinstance(right, date):
        return _day(left), _day(right)
    if isinstance(left, Decimal) and isinstance(right, str):
        return left, Decimal(right)
    return left, right


def _day(value: Any) -> date | None:
    return date.fromisoformat(value[:10]) if isinstance(value, str) and value else value


def _running(children: list[Any], view: View) -> Any:
    total = _of(children[0], view)
    for sign, each in zip(children[1::2], children[2::2], strict=True):
        total = _step(str(sign), total, _of(each, view))
    return total


def _step(sign: str, left: Any, right: Any) -> Any:
    if sign in "+-" and isinstance(_dated(left), date):
        left = _dated(left)
        other = _dated(right)
        if isinstance(other, date):
            return Decimal((left - other).days)
        return left + timedelta(days=int(right) if sign == "+" else -int(right))
    if sign == "+":
        return left + right if isinstance(left, str) and isinstance(right, str) else _num(left) + _num(right)
    return {"-": lambda: _num(left) - _num(right), "*": lambda: _num(left) * _num(right),
            "/": lambda: _num(left) / _num(right)}[sign]()  # fmt: skip


def _dated(value: Any) -> Any:
    return _day(value) if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d", value) else value


def _num(value: Any) -> Decimal:
    return Decimal(0) if value is None or value == "" else Decimal(value)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


_NODES: dict[str, Callable[[list[Any], View], Any]] = {
    "either": lambda parts, view: any(_of(part, view) is True for part in parts),
    "both": lambda parts, view: all(_of(part, view) is True for part in parts),
    "compare": _compare,
    "joined": lambda parts, view: "".join(_text(_of(part, view)) for part in parts[::2]),
    "sums": _running,
    "products": _running,
    "negative": lambda parts, view: -_num(_of(parts[1], view)),
    "negation": lambda parts, view: _of(parts[0], view) is not True,
    "number": lambda parts, _: Decimal(str(parts[0])),
    "text": lambda parts, _: re.sub(r"\\(.)", r"\1", str(parts[0])[1:-1]),
    "name": _name,
    "call": lambda parts, view: _call(str(parts[0]).upper(), parts[1:], view),
}


def _call(name: str, parts: list[Any], view: View) -> Any:
    if name in _LAZY:
        return _LAZY[name](parts, view)
    return _CALLS[name](*(_of(part, view) for part in parts))


def _path(node: Any) -> str:
    return str(node.children[0])


def _case(parts: list[Any], view: View) -> Any:
    wanted = _of(parts[0], view)
    for test, result in zip(parts[1:-1:2], parts[2:-1:2], strict=False):
        if _of(test, view) == wanted:
            return _of(result, view)
    return _of(parts[-1], view)


def _changed(parts: list[Any], view: View) -> bool:
    path = _path(parts[0])
    return not view.new and view.read(path) != view.before(path)


# Functions that look at their arguments unread.
_LAZY: dict[str, Callable[[list[Any], View], Any]] = {
    "AND": lambda parts, view: all(_of(part, view) is True for part in parts),
    "OR": lambda parts, view: any(_of(part, view) is True for part in parts),
    "NOT": lambda parts, view: _of(parts[0], view) is not True,
    "IF": lambda parts, view: _of(parts[1] if _of(parts[0], view) is True else parts[2], view),
    "CASE": _case,
    "ISNEW": lambda _, view: view.new,
    "ISCHANGED": _changed,
    "PRIORVALUE": lambda parts, view: view.before(_path(parts[0])),
    "TODAY": lambda _, view: view.today,
    "NOW": lambda _, view: view.now,
}  # fmt: skip


def _blank(value: Any) -> bool:
    return value is None or value == ""


def _rounded(value: Any, places: Any) -> Decimal:
    return _num(value).quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP)


_CALLS: dict[str, Callable[..., Any]] = {
    "ISBLANK": _blank, "ISNULL": _blank,
    "ISPICKVAL": lambda value, wanted: _text(value) == _text(wanted),
    "INCLUDES": lambda value, wanted: wanted in _text(value).split(";"),
    "TEXT": _text, "VALUE": _num, "LEN": lambda value: Decimal(len(_text(value))),
    "CONTAINS": lambda value, part: _text(part) in _text(value),
    "BEGINS": lambda value, part: _text(value).startswith(_text(part)),
    "LEFT": lambda value, count: _text(value)[: int(count)],
    "RIGHT": lambda value, count: _text(value)[-int(count) :],
    "MID": lambda value, start, count: _text(value)[int(start) - 1 :][: int(count)],
    "UPPER": lambda value: _text(value).upper(), "LOWER": lambda value: _text(value).lower(),
    "TRIM": lambda value: _text(value).strip(),
    "REGEX": lambda value, pattern: re.fullmatch(pattern, _text(value)) is not None,
    "BLANKVALUE": lambda value, other: other if _blank(value) else value,
    "NULLVALUE": lambda value, other: other if value is None else value,
    "ABS": lambda value: abs(_num(value)), "MOD": lambda value, by: _num(value) % _num(by),
    "ROUND": _rounded, "MAX": lambda *values: max(map(_num, values)),
    "MIN": lambda *values: min(map(_num, values)),
    "YEAR": lambda value: Decimal(_day(value).year),  # type: ignore[union-attr]
    "MONTH": lambda value: Decimal(_day(value).month),  # type: ignore[union-attr]
    "DAY": lambda value: Decimal(_day(value).day),  # type: ignore[union-attr]
    "DATE": lambda year, month, day: date(int(year), int(month), int(day)),
    "DATEVALUE": _day,
}  # fmt: skip
