"""Histories of an outbox: what was committed, and what the bus took."""

from dataclasses import replace

from scenarios.evidence.durable import Entry, Outbox, Publication

DRAFTED, FINAL = Entry(1, "invoice_drafted", "INV-1"), Entry(2, "invoice_finalized", "INV-1")
POSTED, OTHER = Entry(4, "receivable_posted", "INV-1"), Entry(3, "invoice_drafted", "INV-2")
COMMITTED = (DRAFTED, FINAL, OTHER, POSTED)


def outbox(*published, committed=COMMITTED):
    """That these went out, in this order, each after its transaction."""
    return Outbox(committed, tuple(Publication(entry) for entry in published))


def outboxes(copies):
    """The sound one, so many times over."""
    entries = [
        replace(entry, sequence=entry.sequence + 4 * n, aggregate=f"{entry.aggregate}x{n}")
        for n in range(copies)
        for entry in COMMITTED
    ]
    return outbox(*entries, committed=tuple(entries))


SOUND = outbox(*COMMITTED)


def _with(*published, **named):
    return lambda w: replace(w, outbox=outbox(*published, **named))


GOOD = {
    "sent again after a crash": _with(DRAFTED, FINAL, DRAFTED, FINAL, OTHER, POSTED),
    "one sent again when all others are out": _with(*COMMITTED, DRAFTED),
    "another aggregate's overtakes": _with(OTHER, DRAFTED, FINAL, POSTED),
    "a number left out, as by what was rolled back": _with(
        DRAFTED, replace(POSTED, sequence=9), committed=(DRAFTED, replace(POSTED, sequence=9))
    ),
    "commits out of the order of their numbers": _with(FINAL, DRAFTED, committed=(FINAL, DRAFTED)),
}
BAD = {
    "never sent": _with(DRAFTED, FINAL, OTHER),
    "none sent": _with(),
    "sent and rolled back": _with(*COMMITTED, Entry(5, "payment_settled", "pi_1")),
    "nothing committed at all": _with(DRAFTED, committed=()),
    "sent under another name": _with(DRAFTED, FINAL, OTHER, replace(POSTED, topic="credit_posted")),
    "sent of another aggregate": _with(DRAFTED, FINAL, OTHER, replace(POSTED, aggregate="INV-2")),
    "sent with another's number": _with(DRAFTED, FINAL, OTHER, replace(POSTED, sequence=7)),
    "overtaken by its successor": _with(FINAL, DRAFTED, OTHER, POSTED),
    "overtaken once, and sent again in order": _with(FINAL, DRAFTED, FINAL, OTHER, POSTED),
    "overtaken by a later one but not the next": _with(DRAFTED, POSTED, OTHER, FINAL),
    "sent before its commit": lambda w: replace(
        w, outbox=Outbox(COMMITTED, (Publication(DRAFTED, early=True), *SOUND.published[1:]))
    ),
}  # fmt: skip
