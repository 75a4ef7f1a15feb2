"""Versions of mappings as a word for a token, so that a run under them can be played again."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable
from dataclasses import replace

from core.mappings.document import Document
from core.mappings.shipped import SHIPPED, Mappings
from core.mappings.table import Row, Table


def pack_mappings(maps: Mappings) -> str:
    """What differs from the versions that come with the core; "" if nothing does. Only what a run needs:
    names, versions, rows."""
    others = [each for name, each in sorted(maps.documents.items()) if each.table != SHIPPED[name].table]
    if not others:
        return ""
    plain = [[each.name, each.version, [[row.when, row.then] for row in each.table.rows]] for each in others]
    packed = zlib.compress(json.dumps(plain, separators=(",", ":")).encode(), 9)
    return base64.urlsafe_b64encode(packed).decode()


def unpack_mappings(word: str) -> Mappings:
    """The other way round; ValueError, TypeError, KeyError or zlib.error for a word that says nothing."""
    if not word:
        return SHIPPED
    return SHIPPED.with_these(_documents(json.loads(zlib.decompress(base64.urlsafe_b64decode(word)))))


def _documents(plain: Iterable[tuple[str, int, list[list[list[str]]]]]) -> Iterable[Document]:
    for name, version, rows in plain:
        like = SHIPPED[name]
        shape = like.table.shape
        made = tuple(Row(tuple(map(str, when)), tuple(map(str, then))) for when, then in rows)
        if any((len(row.when), len(row.then)) != (len(shape.inputs), len(shape.outputs)) for row in made):
            raise ValueError(f"{name}: a row has another shape")
        yield replace(like, version=int(version), table=Table(shape, made), examples=(), digest="")
