"""The sign-off of a binder: who answers for which control, over exactly what was found.

`sign` writes schema "tieout-sign-off/1": {schema, month, token, signatures [{control, owner, by, on,
digest}], closed {by, on, digest, not_run [control]} or null}. A digest is SHA-256 of the control's part of
binder.json (sorted keys, no blanks), that of `closed` of the whole binder: what changes after a signature
is told by it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any

from reports.binder import NOT_RUN, OPEN

BINDER, SHEET = "tieout-binder/1", "tieout-sign-off/1"
# Who closes the month when everybody else has signed.
CONTROLLER = "Controller"
# So many reasons are told when a month cannot be closed.
TOLD = 8
Json = dict[str, Any]


class SignOffError(ValueError):
    """The sign-off is refused: what, why, and what would help."""


def read(text: str, schema: str, what: str) -> Json:
    """A binder or a sheet; SignOffError for anything else."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise SignOffError(f"{what}: it is no JSON ({error}); name the file that was written") from None
    if not isinstance(found, dict) or found.get("schema") != schema:
        said = found.get("schema") if isinstance(found, dict) else type(found).__name__
        raise SignOffError(f"{what}: schema {said!r}, not {schema!r}; name the file that was written")
    return found


def owners(control: Json) -> tuple[str, ...]:
    """Those who may sign a control: it may have two."""
    return tuple(part.strip() for part in str(control["owner"]).split("/"))


def sign(
    binder: Json, sheet: Json | None, *, owner: str, by: str, on: str, controls: Sequence[str] = ()
) -> Json:
    """The sheet with an owner's signatures over `controls`, or over all of the owner's that were run; one
    that is signed anew replaces the old. SignOffError if one of them cannot be signed, or there is none."""
    sheet = _fitting(binder, sheet)
    by_id = {str(control["id"]): control for control in binder["controls"]}
    unknown = sorted(set(controls) - set(by_id))
    if unknown:
        raise SignOffError(f"control: {', '.join(unknown)} is not in the binder; C01 to C40 are")
    run = [control for control in by_id.values() if control["state"] != NOT_RUN]
    mine = [by_id[name] for name in controls] or [c for c in run if owner in owners(c)]
    if not mine:
        everybody = sorted({name for control in run for name in owners(control)})
        raise SignOffError(f"owner: {owner!r} owns no control that was run; one of {', '.join(everybody)}")
    refused = [said for control in mine for said in _refusals(control, owner)]
    if refused:
        raise SignOffError("; ".join(refused))
    made = {str(control["id"]): _signature(control, owner, by, on) for control in mine}
    kept = [entry for entry in sheet["signatures"] if entry["control"] not in made]
    return {**sheet, "signatures": sorted([*kept, *made.values()], key=lambda entry: str(entry["control"]))}


def close(binder: Json, sheet: Json | None, *, by: str, on: str) -> Json:
    """The month signed as a whole by the controller: everything that was run is signed as it is now, and no
    exception is open. What was not run is named. SignOffError otherwise."""
    sheet = _fitting(binder, sheet)
    missing = list(_problems(binder, sheet))
    if missing:
        more = f"; and {len(missing) - TOLD} more" if len(missing) > TOLD else ""
        said = "; ".join(missing[:TOLD]) + more
        raise SignOffError(f"month {binder['month']} cannot be closed: {said}")
    not_run = [str(control["id"]) for control in binder["controls"] if control["state"] == NOT_RUN]
    return {**sheet, "closed": {"by": by, "on": on, "digest": digest(binder), "not_run": not_run}}


def check(binder: Json, sheet: Json) -> list[str]:
    """What a sheet lacks or no longer fits, in words; none if the month is closed and nothing has changed."""
    found = list(_problems(binder, _fitting(binder, sheet)))
    closed = sheet.get("closed")
    if not closed:
        found.append(f"month {binder['month']}: not closed by the {CONTROLLER.lower()}")
    elif closed["digest"] != digest(binder):
        found.append(f"month {binder['month']}: the binder has changed since {closed['by']} closed it")
    return found


def digest(part: Json) -> str:
    """SHA-256 of a part of a binder, in hexadecimal."""
    plain = json.dumps(part, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(plain.encode()).hexdigest()


def _fitting(binder: Json, sheet: Json | None) -> Json:
    if sheet is None:
        head = {"schema": SHEET, "month": binder["month"], "token": binder["token"]}
        return {**head, "signatures": [], "closed": None}
    for field in ("month", "token"):
        if sheet.get(field) != binder[field]:
            said = f"{field} {sheet.get(field)!r}, the binder's is {binder[field]!r}"
            raise SignOffError(f"sheet: {said}; sign this binder anew")
    return sheet


def _refusals(control: Json, owner: str) -> Iterator[str]:
    name = control["id"]
    if owner not in owners(control):
        yield f"{name} is owned by {control['owner']}, not by {owner}"
    if control["state"] == OPEN:
        waiting = [found for found in control["exceptions"] if not found["explained"]]
        told = ", ".join(f"{found['unit']} {found['amount']}" for found in waiting[:3])
        yield f"{name} cannot be signed: {len(waiting)} open ({told}); mend or have them explained"
    if control["state"] == NOT_RUN:
        yield f"{name} cannot be signed: it was not run ({control['reason']})"


def _problems(binder: Json, sheet: Json) -> Iterable[str]:
    signed = {entry["control"]: entry for entry in sheet["signatures"]}
    for control in binder["controls"]:
        entry = signed.get(control["id"])
        if control["state"] == OPEN:
            yield f"{control['id']}: exceptions open, ask {control['owner']}"
        elif entry is not None and entry["digest"] != digest(control):
            yield f"{control['id']}: changed since {entry['by']} signed it"
        elif entry is None and control["state"] != NOT_RUN:
            yield f"{control['id']}: not signed by {control['owner']}"


def _signature(control: Json, owner: str, by: str, on: str) -> Json:
    return {"control": control["id"], "owner": owner, "by": by, "on": on, "digest": digest(control)}
