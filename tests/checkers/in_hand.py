"""Histories of tasks in hand: who claimed them when, and who wrote what in whose name."""

from dataclasses import replace

from scenarios.evidence.durable import Claim, Effect, Epochs, Refusal, Sending

from .moments import at

SECOND = 1_000_000
START = at("2026-01-05")
INVOICE, ORDER = ("invoice_to_ledger", "i1"), ("order_to_subscription", "006OPP-1")


def claim(after, epoch, holder="one", *, former=None, of="", until=0, task=INVOICE):
    """So many seconds after the start; until: seconds, too."""
    before = epoch - 1 if former is None else former
    return Claim(START + after * SECOND, task, epoch, before, holder, of, START + until * SECOND)


def wrote(after, epoch, current=None, *, task=INVOICE, times=3):
    """In the name of an epoch, while another may have been the current one."""
    now = epoch if current is None else current
    return Effect(task, epoch, now, START + after * SECOND, times)


def refused(after, epoch, task=INVOICE):
    """So many seconds after the start."""
    return Refusal(START + after * SECOND, task, epoch)


def sent(after, epoch, task=INVOICE):
    """So many seconds after the start."""
    return Sending(START + after * SECOND, task, epoch, "o1")


# A worker sleeps through its lease in mid-request; another follows, and the first is refused.
CLAIMS = (claim(0, 1), claim(1, 1, task=ORDER), claim(300, 2, "two", of="one", until=300))
EFFECTS = (wrote(2, 1), wrote(3, 1, task=ORDER), wrote(302, 2))
REFUSALS = (refused(310, 1),)
SENDINGS = (sent(305, 1), sent(303, 2), sent(2, 1, ORDER))
SOUND = Epochs(CLAIMS, EFFECTS, REFUSALS, SENDINGS)


def many(copies):
    """The sound one, so many times over."""

    def of(items, n):
        return tuple(replace(item, task=(item.task[0], f"{item.task[1]}x{n}")) for item in items)

    lists = (CLAIMS, EFFECTS, REFUSALS, SENDINGS)
    return Epochs(*(tuple(x for n in range(copies) for x in of(items, n)) for items in lists))


def _only(*, claims=CLAIMS, effects=EFFECTS, refusals=REFUSALS, sendings=SENDINGS):
    return lambda w: replace(w, epochs=Epochs(claims, effects, refusals, sendings))


def _claims(*claims):
    return _only(claims=claims, effects=(), refusals=(), sendings=())


GOOD = {
    "claimed again after it was put off": _claims(claim(0, 1), claim(60, 2)),
    "claimed at the very end of a lease": _claims(claim(0, 1), claim(300, 2, "two", of="one", until=300)),
    "held by an operator while it is in hand": _claims(
        claim(0, 1), claim(5, 2, "", of="one", until=300), claim(60, 3)
    ),
    "an epoch left out": _claims(claim(0, 1), claim(60, 5, former=4)),
    "refused at the moment of its last request": _only(sendings=(sent(310, 1),)),
    "refused, claimed again by the same, and sent": _only(
        claims=(*CLAIMS, claim(900, 3, "one")), sendings=(sent(305, 1), sent(901, 3))
    ),
    "another task of the same epoch goes on": _only(sendings=(sent(400, 1, ORDER),)),
}
BAD = {
    "claimed under the same epoch": _claims(claim(0, 1), claim(60, 1, former=1)),
    "claimed under an earlier epoch": _claims(claim(0, 4, former=3), claim(60, 2, former=4)),
    "claimed under an epoch that was another's before": _claims(
        claim(0, 1), claim(60, 2), claim(90, 2, former=1)
    ),
    "claimed while another has it": _claims(claim(0, 1), claim(299, 2, "two", of="one", until=300)),
    "claimed while it has it itself": _claims(claim(0, 1), claim(299, 2, "one", of="one", until=300)),
    "held without an epoch": _claims(claim(0, 1), claim(5, 1, "", former=1, of="one", until=300)),
    "written under an epoch that is over": _only(effects=(*EFFECTS, wrote(310, 1, 2, times=1))),
    "written under an epoch that was never current": _only(effects=(*EFFECTS, wrote(310, 3, 2))),
    "written in nobody's name": _only(effects=(*EFFECTS, wrote(310, 0, 2))),
    "sent after it was refused": _only(sendings=(*SENDINGS, sent(311, 1))),
    "sent after it was refused twice": _only(
        refusals=(*REFUSALS, refused(320, 1)), sendings=(*SENDINGS, sent(315, 1))
    ),
}  # fmt: skip
