"""An order that was placed, shown and taken back again, and how that can go wrong."""

from dataclasses import replace

from scenarios.evidence.run import Change, Evidence, Operation, Parked, Saga

from .moments import at

KEY, FLOW = "order:OPP-9", "order_to_subscription"
_T = at("2026-01-07")
_ACTS = (
    ("u1", "zuora", "place_order", "O-9"),
    ("u2", "salesforce", "activate_in_crm", "006-9"),
    ("u3", "salesforce", "withdraw_in_crm", "006-9"),
    ("u4", "zuora", "withdraw_order", "O-9"),
)
DONE = ("place_order", "activate_in_crm", "~activate_in_crm", "~place_order")


def _operation(name: str, system: str, act: str, moment: int = 0) -> Operation:
    start = _T + int(name[1:]) + moment
    return Operation(name, start, start, system, act, f"{KEY}/{act}", 1, True, 200, "ok", "")


def _change(name: str, system: str, what: str) -> Change:
    # Done, and done back: each record is changed twice, so what is taken back is its second version.
    version = 1 if name in {"u1", "u2"} else 2
    return Change(_T + int(name[1:]), system, "deed", what, "changed", "", version, (), 0, "", name)


def taken_back(w: Evidence) -> Evidence:
    """With such an order."""
    return replace(
        w,
        operations=(*w.operations, *(_operation(name, system, act) for name, system, act, _ in _ACTS)),
        changes=(*w.changes, *(_change(name, system, what) for name, system, _, what in _ACTS)),
        sagas=(Saga(KEY, FLOW, "undone", True, DONE),),
    )


def _saga(w: Evidence, **values: object) -> Evidence:
    return replace(w, sagas=(replace(w.sagas[0], **values),))


def _without(w: Evidence, name: str) -> Evidence:
    return replace(w, changes=tuple(change for change in w.changes if change.cause != name))


def _again(w: Evidence, name: str, as_: str, record: str = "") -> Evidence:
    # The same record once more, or another one.
    _, system, act, what = next(each for each in _ACTS if each[0] == name)
    return replace(
        w,
        operations=(*w.operations, _operation(as_, system, act)),
        changes=(*w.changes, _change(as_, system, record or what)),
    )


def _queued(w: Evidence) -> Evidence:
    return replace(w, parked=(*w.parked, Parked(KEY, FLOW, "down", "sales", 5, 0, 1, unrecoverable=False)))


HALF = {"state": "parked", "done": DONE[:3]}
GOOD = {
    "I-28": {
        "held half way back": lambda w: _queued(_saga(_without(w, "u4"), **HALF)),
        "held, and the step it stands at has happened": lambda w: _queued(_saga(w, **HALF)),
        "one record told twice, over a power cut": lambda w: replace(
            _again(w, "u4", "u5"), booted=(*w.booted, _T + 5)
        ),
        "what never took effect needs no compensation": lambda w: _without(_without(w, "u1"), "u4"),
    }
}
BAD = {
    "I-28": {
        "one step left out": lambda w: _saga(w, done=DONE[:3]),
        "counted, and nothing happened": lambda w: _without(w, "u4"),
        "twice": lambda w: _again(w, "u4", "u5", "O-10"),
        "one record told twice, and nothing had died": lambda w: _again(w, "u4", "u5"),
        "twice, over a power cut": lambda w: replace(
            _again(w, "u4", "u5", "O-10"), booted=(*w.booted, _T + 5)
        ),
        "held half way and nobody told": lambda w: _saga(_without(w, "u4"), **HALF),
        "before its turn": lambda w: _queued(_saga(w, state="parked", done=DONE[:2])),
        "compensated what never took effect": lambda w: _without(w, "u1"),
    },
    "I-29": {
        "nothing was done": lambda w: _without(w, "u1"),
        "done after it was taken back": lambda w: _again(_without(w, "u1"), "u1", "u9"),
        "somebody else's": lambda w: replace(
            w,
            changes=tuple(replace(c, id="O-8") if c.cause == "u4" else c for c in w.changes),
        ),
    },
}
