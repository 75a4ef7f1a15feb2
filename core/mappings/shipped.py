"""The versions that come with the core, and a set of versions as the connectors are given it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

from core.mappings.document import BadMapping, Document, read_document
from core.mappings.shapes import SHAPES


@dataclass(frozen=True, slots=True)
class Mappings:
    """One version of every mapping."""

    documents: Mapping[str, Document]

    def __getitem__(self, name: str) -> Document:
        return self.documents[name]

    def with_these(self, others: Iterable[Document]) -> Mappings:
        """The same with these versions in the place of its own."""
        return Mappings({**self.documents, **{each.name: each for each in others}})

    @property
    def versions(self) -> tuple[tuple[str, int, str], ...]:
        """Name, version and digest of each, by name."""
        return tuple((name, each.version, each.digest) for name, each in sorted(self.documents.items()))


def shipped_text(name: str) -> bytes:
    """The file of a version that comes with the core."""
    return files("core.mappings").joinpath("data", f"{name}.toml").read_bytes()


def _shipped() -> Mappings:
    found = {}
    for name in SHAPES:
        where = f"core/mappings/data/{name}.toml"
        document = read_document(shipped_text(name), where)
        if document.name != name:
            raise BadMapping(f"{where}: name: {document.name!r}: must be that of the file")
        found[name] = document
    return Mappings(found)


SHIPPED = _shipped()
