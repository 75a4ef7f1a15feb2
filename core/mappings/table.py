"""A decision table: rows from what is known to what is wanted; the first row that fits says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ANY = "*"
# "=product" in an output is the value of the input `product`.
SAME = "="


@dataclass(frozen=True, slots=True)
class Column:
    """A word that is asked for or given. allowed: the only values, () for any text; empty: whether "" is
    one."""

    name: str
    allowed: tuple[str, ...] = ()
    empty: bool = False

    def against(self, value: str) -> str:
        """What is wrong with a value, with the remedy; "" if nothing is."""
        if not value and not self.empty:
            return "is empty; give it a value"
        if value and self.allowed and value not in self.allowed:
            return f"is not one of {', '.join(self.allowed)}"
        return ""


@dataclass(frozen=True, slots=True)
class Shape:
    """What the code asks of a mapping. flows: of the business that go through it, at least; needed: inputs
    that must find a row; apart: whether no two rows may say the same, so that it can be read backwards;
    must_say: values of the output that some row has to give; named: whether every row names its inputs, since
    what nobody has named is held and must not be guessed."""

    name: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    flows: tuple[str, ...]
    needed: tuple[tuple[str, ...], ...] = ()
    apart: bool = False
    must_say: tuple[str, ...] = ()
    named: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """when: a value or ANY for each input; then: a value, or SAME and an input's name, for each output."""

    when: tuple[str, ...]
    then: tuple[str, ...]

    def fits(self, asked: tuple[str, ...]) -> bool:
        """Whether it says something about these inputs."""
        return all(own in (ANY, value) for own, value in zip(self.when, asked, strict=True))

    def covers(self, other: Row) -> bool:
        """Whether nothing is left for the other one, if it stands below."""
        return all(own in (ANY, theirs) for own, theirs in zip(self.when, other.when, strict=True))


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a shape, in the order in which they are tried."""

    shape: Shape
    rows: tuple[Row, ...]

    def which(self, given: Mapping[str, str]) -> int | None:
        """Index of the row that says it; None where none does. KeyError for an input that is missing."""
        asked = tuple(given[column.name] for column in self.shape.inputs)
        return next((at for at, row in enumerate(self.rows) if row.fits(asked)), None)

    def find(self, **given: str) -> dict[str, str] | None:
        """The outputs by name, None where no row fits."""
        at = self.which(given)
        if at is None:
            return None
        names = (column.name for column in self.shape.outputs)
        said = (given[t.removeprefix(SAME)] if t.startswith(SAME) else t for t in self.rows[at].then)
        return dict(zip(names, said, strict=True))

    def back(self, output: str, value: str, **given: str) -> dict[str, str] | None:
        """The inputs of the row that says `value`, among those that agree with what is given; of a shape
        whose rows are apart."""
        at = [column.name for column in self.shape.outputs].index(output)
        names = [column.name for column in self.shape.inputs]
        for row in self.rows:
            found = dict(zip(names, row.when, strict=True))
            if row.then[at] == value and all(found[name] == own for name, own in given.items()):
                return found
        return None
