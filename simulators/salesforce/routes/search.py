"""SOSL: FIND {words} IN … FIELDS RETURNING Object(Field, …), and the search without a language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.salesforce.routes.door import body_of
from simulators.salesforce.routes.queries import rendered
from simulators.salesforce.rules.org import Org
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import Entity
from simulators.salesforce.rules.store import Record

_ROOT = "/services/data/{version}"
_FIND = re.compile(
    r"\s*FIND\s*\{(?P<words>(?:\\.|[^}\\])*)\}(?:\s+IN\s+(?P<group>ALL|NAME|EMAIL|PHONE|SIDEBAR)\s+FIELDS)?"
    r"(?:\s+RETURNING\s+(?P<returning>.*?))?(?:\s+LIMIT\s+(?P<limit>\d+))?\s*",
    re.IGNORECASE | re.DOTALL,
)
_GROUPS = {
    "ALL": ("string", "email", "phone", "textarea", "url"), "NAME": ("string",), "EMAIL": ("email",),
    "PHONE": ("phone",), "SIDEBAR": ("string", "email", "phone"),
}  # fmt: skip
_MOST = 2000
_NAMES = ("name", "firstname", "lastname")


async def search(org: Org, call: Call) -> Reply:
    """?q=SOSL."""
    text = call.args().get("q", "")
    found = _FIND.fullmatch(text)
    if found is None:
        said = "No search term found. The search term must be enclosed in braces."
        if "{" in text:
            said = f"\n{text}\n^\nERROR at Row:1:Column:1\nunexpected token"
        raise Refused("MALFORMED_SEARCH", said)
    words = re.sub(r"\\(.)", r"\1", found["words"])
    if len(words.replace("*", "").replace("?", "").strip()) < 2:
        raise Refused("MALFORMED_SEARCH", "search term must be longer than one character: " + words)
    most = min(int(found["limit"] or _MOST), _MOST)
    rows: list[Any] = []
    for entity, rest in _returning(org, found["returning"]):
        hits = _hits(org, entity, words, (found["group"] or "ALL").upper())
        rows += _shown(org, call, entity, rest, hits)
    return json_reply(200, {"searchRecords": rows[:most]})


def _returning(org: Org, text: str | None) -> list[tuple[Entity, str]]:
    """(object, what stands in its parentheses) in order; all searchable objects if none is named."""
    if text is None:
        return [(entity, "") for entity in org.catalogue.entities.values() if entity.writable]
    out, depth, start = [], 0, 0
    for place, char in enumerate(f"{text},"):
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            name, _, rest = text[start:place].strip().partition("(")
            entity = org.catalogue.known(name.strip())
            if entity is None:
                said = f"sObject type '{name.strip()}' is not supported."
                raise Refused("INVALID_TYPE", said)
            out.append((entity, rest.rpartition(")")[0].strip()))
            start = place + 1
    return out


def _test(words: str) -> Callable[[str], bool]:
    """Words must all occur (one of them, joined by OR), at the beginning of a word; quoted ones together;
    * and ? stand for letters."""
    ways = [_all(part) for part in re.split(r"\s+OR\s+", words)]
    return lambda text: any(all(pattern.search(text) for pattern in way) for way in ways)


def _all(words: str) -> list[re.Pattern[str]]:
    terms = [found[1] or found[2] for found in re.finditer(r'"([^"]+)"|(\S+)', words)]
    return [
        re.compile(r"(?<!\w)" + re.escape(term).replace(r"\*", r"\w*").replace(r"\?", r"\w"), re.IGNORECASE)
        for term in terms
        if term.upper() != "AND"
    ]


def _hits(org: Org, entity: Entity, words: str, group: str) -> list[Record]:
    test = _test(words)
    names = [
        field.name for field in entity.fields.values()
        if field.type in _GROUPS[group] and (group != "NAME" or field.name.lower() in _NAMES)
    ]  # fmt: skip
    return [
        record for record in org.store.shelves[entity.name].records.values()
        if not record.deleted and test("\n".join(str(record.values[n]) for n in names if record.values[n]))
    ]  # fmt: skip


def _shown(org: Org, call: Call, entity: Entity, rest: str, hits: Iterable[Record]) -> list[Any]:
    """The hits as the parentheses after the object want them: fields, WHERE, ORDER BY, LIMIT."""
    ids = ", ".join(f"'{record.id}'" for record in hits)
    if not ids:
        return []
    cut = re.search(r"\b(WHERE|ORDER\s+BY|LIMIT|OFFSET)\b", rest, re.IGNORECASE)
    fields = (rest[: cut.start()] if cut else rest).strip() or "Id"
    tail = rest[cut.start() :] if cut else ""
    where = re.match(
        r"WHERE\s+(.*?)(?=\bORDER\s+BY\b|\bLIMIT\b|\bOFFSET\b|$)", tail, re.IGNORECASE | re.DOTALL
    )
    condition = f"Id IN ({ids})"
    if where is not None:
        condition, tail = f"{condition} AND ({where[1].strip()})", tail[where.end() :]
    plan, scope, _ = org.cursors.plan(f"SELECT {fields} FROM {entity.name} WHERE {condition} {tail}")
    if plan.selection is None:
        raise Refused("MALFORMED_SEARCH", "RETURNING takes fields")
    return rendered(org, plan.selection, plan.run(scope), scope, call.params["version"])


async def parameterized(org: Org, call: Call) -> Reply:
    """?q=words&sobject=Account&Account.fields=…, or the same as a body."""
    if call.method == "POST":
        wish = body_of(call)
        words = str(wish.get("q", ""))
        kinds = [(str(each.get("name")), each) for each in wish.get("sobjects") or ()]
        group = str(wish.get("in", "ALL"))
        usual = ",".join(wish.get("fields") or ("Id",))
        chosen = [
            (name, ",".join(each.get("fields") or ()) or usual, each.get("limit")) for name, each in kinds
        ]
    else:
        args = call.args()
        words, group = args.get("q", ""), args.get("in", "ALL")
        names = [name for name in args.get("sobject", "").split(",") if name]
        chosen = [
            (n, args.get(f"{n}.fields", args.get("fields", "Id")), args.get(f"{n}.limit")) for n in names
        ]
    if not words.strip():
        raise Refused("MALFORMED_SEARCH", "q: a search string has to be specified")
    group = group.split()[0].upper() if group.strip() else "ALL"
    if not chosen:
        chosen = [(entity.name, "Id", None) for entity in org.catalogue.entities.values() if entity.writable]
    rows: list[Any] = []
    for name, fields, most in chosen:
        entity = org.catalogue.known(name)
        if entity is None or group not in _GROUPS:
            raise Refused("INVALID_TYPE", f"sObject type '{name}' is not supported.")
        tail = f" LIMIT {int(most)}" if str(most or "").isdigit() else ""
        rows += _shown(org, call, entity, fields + tail, _hits(org, entity, words, group))
    return json_reply(200, {"searchRecords": rows})


SEARCH_TABLE = (
    Route("GET", f"{_ROOT}/search", "search", search, "?q=SOSL"),
    Route("GET", f"{_ROOT}/parameterizedSearch", "parameterized_search", parameterized, "?q=words"),
    Route("POST", f"{_ROOT}/parameterizedSearch", "parameterized_search_by_body", parameterized,
          "words, objects and fields"),
)  # fmt: skip
