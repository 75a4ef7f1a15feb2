"""Stripe's search language: clauses joined by AND or by OR (docs.stripe.com/search)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulators.stripe.rules.refusals import Refused
from simulators.stripe.rules.shelf import ALL, Key, Page, R, Shelf

_CLAUSE = re.compile(
    r"""\s*(?P<minus>-?)(?P<field>\w+(?:\.\w+)*)(?:\[(?P<q>["'])(?P<key>(?:\\.|(?!(?P=q)).)*)(?P=q)\])?"""
    r"""\s*(?P<op>:|~|>=|<=|>|<)\s*(?:(?P<vq>["'])(?P<text>(?:\\.|(?!(?P=vq)).)*)(?P=vq)"""
    r"""|(?P<bare>-?\d+|null))\s*""",
    re.VERBOSE,
)
_JOIN = re.compile(r"(AND|OR)\s+", re.IGNORECASE)
_CLAUSES_MOST = 10
# Fields that records are filed by; metadata always is.
_INDEXED = frozenset({"email", "name", "phone", "customer"})

# What a record shows to search: its value of a field name ("metadata.<key>" for metadata).
Look = Callable[[Any, str], str | int | None]


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition; value is None for null."""

    name: str
    op: str
    value: str | int | None
    negated: bool


def parse(query: str, fields: Mapping[str, str]) -> tuple[list[Clause], bool]:
    """(clauses, whether all must hold). fields: name -> "text", "number" or "metadata".

    Refused when the text is no query, or a field or operator does not fit.
    """
    clauses, joins, at = [], set[str](), 0
    while match := _CLAUSE.match(query, at):
        clauses.append(_clause(match, fields))
        at = match.end()
        join = _JOIN.match(query, at)
        if join:
            joins.add(join[1].upper())
            at = join.end()
        elif at < len(query):
            joins.add("AND")
        else:
            break
    if at < len(query) or not clauses or len(clauses) > _CLAUSES_MOST or len(joins) != (len(clauses) > 1):
        raise _unreadable(query)
    return clauses, joins != {"OR"}


def _clause(match: re.Match[str], fields: Mapping[str, str]) -> Clause:
    name, key, op = match["field"], match["key"], match["op"]
    kind = fields.get(name)
    if kind is None or (kind == "metadata") != (key is not None):
        known = ", ".join(fields)
        raise Refused(f"Field `{name}` is not a supported search field. Supported: {known}.", param="query")
    if (op in ":~" if kind != "number" else op != "~") is False:
        raise Refused(f"Operator `{op}` is not supported for field `{name}`.", param="query")
    quoted, bare = match["text"], match["bare"]
    value: str | int | None = _plain(quoted) if bare is None else None if bare == "null" else bare
    if kind == "number":
        if value is None or not re.fullmatch(r"-?\d+", str(value)):
            raise Refused(f"Field `{name}` is compared with numbers only.", param="query")
        value = int(value)
    shown = f"metadata.{_plain(key)}" if key is not None else name
    return Clause(shown, op, value, match["minus"] == "-")


def _plain(quoted: str) -> str:
    return re.sub(r"\\(.)", r"\1", quoted)


def found(
    shelf: Shelf[R], clauses: Sequence[Clause], every: bool, look: Look, page: Page, ripe: Callable[[R], bool]
) -> tuple[list[R], bool]:
    """A page of the records that fit. `ripe`: whether search knows of the record yet."""
    shelf.file_all()
    return shelf.page(_index(clauses, every), page, _fitting(clauses, every, look, ripe))


def counted(
    shelf: Shelf[R], clauses: Sequence[Clause], every: bool, look: Look, ripe: Callable[[R], bool]
) -> int:
    """How many records fit."""
    shelf.file_all()
    keep = _fitting(clauses, every, look, ripe)
    return sum(keep(record) for record in shelf.under(_index(clauses, every)))


def _fitting(
    clauses: Sequence[Clause], every: bool, look: Look, ripe: Callable[[R], bool]
) -> Callable[[R], bool]:
    test = all if every else any

    def keep(record: R) -> bool:
        return ripe(record) and test(_holds(clause, look(record, clause.name)) for clause in clauses)

    return keep


def _index(clauses: Sequence[Clause], every: bool) -> Key:
    """The narrowest list that holds all answers."""
    if every or len(clauses) == 1:
        for clause in clauses:
            indexed = clause.name in _INDEXED or clause.name.startswith("metadata.")
            if indexed and clause.op == ":" and not clause.negated and isinstance(clause.value, str):
                return ("word", clause.name, clause.value.casefold())
    return ALL


def _holds(clause: Clause, shown: str | int | None) -> bool:
    wanted = clause.value
    if wanted is None or shown is None:
        holds = shown is None and wanted is None
    elif isinstance(wanted, int):
        number = int(shown)
        holds = {
            ":": number == wanted,
            ">": number > wanted,
            "<": number < wanted,
            ">=": number >= wanted,
            "<=": number <= wanted,
        }[clause.op]
    elif clause.op == "~":
        holds = wanted.casefold() in str(shown).casefold()
    else:
        # Exact match ignores case.
        holds = wanted.casefold() == str(shown).casefold()
    return holds != clause.negated


def file_words(shelf: Shelf[R], record: R, words: Sequence[tuple[str, str]]) -> None:
    """Make the record findable by these (field, value) pairs without a scan."""
    if words:
        shelf.file_later(record, [("word", name, value.casefold()) for name, value in words])


def unfile_words(shelf: Shelf[R], record: R, words: Sequence[tuple[str, str]]) -> None:
    """Undo `file_words`."""
    shelf.file_all()
    for name, value in words:
        shelf.unfile(record, ("word", name, value.casefold()))


def _unreadable(query: str) -> Refused:
    return Refused(f"We were unable to parse your search query: {query}", param="query")
