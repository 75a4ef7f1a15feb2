"""Sign-off of a binder: who may, over what, and what a signature is worth when the binder changes."""

from __future__ import annotations

import json
from copy import deepcopy

import pytest

from reports.signoff import BINDER, SHEET, SignOffError, check, close, digest, read, sign


def control(name, owner, state="signed off", exceptions=()):
    return {
        "id": name,
        "owner": owner,
        "state": state,
        "reason": "a book is not kept" if state == "not run" else "",
        "exceptions": list(exceptions),
    }


def open_item(amount="12.00"):
    return {"cause": "missing", "amount": amount, "unit": "EUR", "explained": False}


def binder(*controls):
    return {"schema": BINDER, "month": "2026-01", "token": "t", "controls": list(controls)}


CLEAN = binder(
    control("C10", "AR"),
    control("C17", "GL / Payments ops"),
    control("C27", "Revenue", "not applicable"),
    control("C18", "AR", "not run"),
)
WHO = {"by": "A. Person", "on": "2026-02-07"}


def all_signed(made=CLEAN):
    sheet = sign(made, None, owner="AR", controls=["C10"], **WHO)
    sheet = sign(made, sheet, owner="GL", **WHO)
    return sign(made, sheet, owner="Revenue", **WHO)


def test_everybody_signs_and_the_controller_closes():
    sheet = all_signed()
    assert check(CLEAN, sheet) == ["month 2026-01: not closed by the controller"]
    closed = close(CLEAN, sheet, **WHO)
    assert check(CLEAN, closed) == []
    assert closed["closed"]["not_run"] == ["C18"]
    assert read(json.dumps(closed), SHEET, "sheet") == closed


def test_an_open_exception_is_not_signed_and_the_month_not_closed():
    made = deepcopy(CLEAN)
    made["controls"][0] = control("C10", "AR", "exceptions open", [open_item()])
    with pytest.raises(SignOffError, match=r"C10 cannot be signed: 1 open .EUR 12\.00."):
        sign(made, None, owner="AR", controls=["C10"], **WHO)
    sheet = sign(made, None, owner="GL", **WHO)
    sheet = sign(made, sheet, owner="Revenue", **WHO)
    with pytest.raises(SignOffError, match="cannot be closed: C10: exceptions open, ask AR"):
        close(made, sheet, **WHO)


def test_what_was_signed_and_then_changed_is_told():
    sheet = close(CLEAN, all_signed(), **WHO)
    changed = deepcopy(CLEAN)
    changed["controls"][1]["reason"] = "edited"
    assert check(changed, sheet) == [
        "C17: changed since A. Person signed it",
        "month 2026-01: the binder has changed since A. Person closed it",
    ]
    with pytest.raises(SignOffError, match="C17: changed since"):
        close(changed, sheet, **WHO)


@pytest.mark.parametrize(
    ("owner", "controls", "said"),
    [
        (
            "Treasury",
            [],
            "owner: 'Treasury' owns no control that was run; one of AR, GL, Payments ops, Revenue",
        ),
        ("Treasury", ["C10"], "C10 is owned by AR, not by Treasury"),
        ("AR", ["C18"], "C18 cannot be signed: it was not run"),
        ("AR", ["C99"], "control: C99 is not in the binder"),
    ],
)
def test_who_or_what_does_not_fit_is_refused(owner, controls, said):
    with pytest.raises(SignOffError, match=said):
        sign(CLEAN, None, owner=owner, controls=controls, **WHO)


def test_an_unsigned_control_keeps_the_month_open():
    sheet = sign(CLEAN, None, owner="GL", **WHO)
    with pytest.raises(SignOffError, match="C10: not signed by AR; C27: not signed by Revenue"):
        close(CLEAN, sheet, **WHO)


def test_a_sheet_of_another_binder_is_refused():
    other = {**CLEAN, "month": "2026-02"}
    with pytest.raises(SignOffError, match="sheet: month '2026-01', the binder's is '2026-02'"):
        check(other, all_signed())


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": "tieout-binder/0"}'])
def test_what_is_no_binder_is_refused(text):
    with pytest.raises(SignOffError, match="binder"):
        read(text, BINDER, "binder")


def test_the_digest_does_not_depend_on_the_order_of_fields():
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1}) != digest({"a": 1, "b": [3]})
