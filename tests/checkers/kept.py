"""What an inbox remembers of each channel, and for how long."""

from dataclasses import replace

from scenarios.evidence.durable import Remembered

DAY = 86_400_000_000
PAYMENTS = Remembered("payments", 12, 0, 0, 45 * DAY, 30 * DAY)
CRM = Remembered("crm", 9, 4, 46 * DAY, 45 * DAY, 3 * DAY)
SOUND = (PAYMENTS, CRM)


def _with(one, **values):
    return lambda w: replace(w, inbox=(CRM, replace(one, **values)))


GOOD = {
    "kept a moment longer than it is repeated": _with(PAYMENTS, kept=30 * DAY + 1),
    "forgotten earlier than it is set to, and late enough": _with(PAYMENTS, forgotten=1, youngest=31 * DAY),
    "nothing forgotten yet": _with(PAYMENTS, forgotten=0, youngest=0),
}
BAD = {
    "set to forget too early": _with(PAYMENTS, kept=10 * DAY),
    "set to forget at the very moment": _with(PAYMENTS, kept=30 * DAY),
    "forgotten too early": _with(PAYMENTS, forgotten=3, youngest=DAY),
    "forgotten at once": _with(PAYMENTS, forgotten=1, youngest=0),
    "forgotten at the very moment": _with(PAYMENTS, forgotten=1, youngest=30 * DAY),
}
