"""Calls of Oracle's functions of texts, as calls of our own."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

Rewriter = Callable[[exp.Expression], exp.Expression]


def call(name: str, *given: exp.Expression | None) -> exp.Expression:
    """A function of our own; what is not given is NULL."""
    found = exp.Anonymous(this=name, expressions=[each if each is not None else exp.null() for each in given])
    found.meta["ours"] = True
    return found


def _by(name: str, *arguments: str) -> Rewriter:
    return lambda node: call(name, *(node.args.get(each) for each in arguments))


def _pad(node: exp.Expression) -> exp.Expression:
    name = "ns_lpad" if node.args.get("is_left") else "ns_rpad"
    return call(name, node.this, node.expression, node.args.get("fill_pattern"))


TEXTUAL: dict[type[exp.Expression], Rewriter] = {
    exp.Pad: _pad,
    exp.Initcap: _by("ns_initcap", "this"),
    exp.StrPosition: _by("ns_instr", "this", "substr", "position", "occurrence"),
    exp.Translate: _by("ns_translate", "this", "from_", "to"),
    exp.Pow: _by("ns_power", "this", "expression"),
    exp.RegexpSubstr: _by("ns_regexp_substr", "this", "expression", "position", "occurrence", "parameters"),
    exp.RegexpInstr: _by("ns_regexp_instr", "this", "expression", "position", "occurrence", "parameters"),
    exp.RegexpReplace: _by(
        "ns_regexp_replace", "this", "expression", "replacement", "position", "occurrence", "modifiers"
    ),
    exp.RegexpLike: _by("ns_regexp_like", "this", "expression", "flag"),
    exp.RegexpCount: _by("ns_regexp_count", "this", "expression", "position", "parameters"),
}
