"""Histories of requests: too often, too many at once, too soon, with what is over."""

from dataclasses import replace

from scenarios.evidence.limits import Limits, Quota
from scenarios.evidence.run import Operation

from .world import at

SECOND, HOUR = 1_000_000, 3_600_000_000
START = at("2026-01-05")


def ask(n, after, status=200, claim="ok", *, key="K", fault="", took=SECOND // 10, retry_after=0):
    """A request so many microseconds after the start."""
    came = START + after
    end = came + took
    return Operation(
        f"q{n}", came, end, "zuora", "place_order", key, 1, True, status, claim, fault, came, retry_after
    )  # fmt: skip


def asking(w, *asked, quotas=(), tries=8):
    """Only these requests."""
    return replace(w, operations=asked, limits=Limits(quotas, tries))


def tried(w, times, apart):
    """One act, in vain."""
    return asking(w, *(ask(n, n * apart, 500, "info") for n in range(times)))


def storm(w, useful, vain):
    """Ten seconds of trouble: acts that were done, and an act that was not, however often it was tried."""
    done = [ask(n, n, key=f"done {n}", fault="F17") for n in range(useful)]
    return asking(
        w, *done, *(ask(99 + n, SECOND + n, 500, "info", fault="F02") for n in range(vain)), tries=999
    )


def aftermath(w, good, vain, hours=7):
    """A fault, and what is asked so many hours later."""
    later = hours * HOUR
    after = [ask(1 + n, later + n, key=f"g{n}") for n in range(good)]
    after += [ask(500 + n, later + n, 503, "fail", key=f"v{n}") for n in range(vain)]
    return asking(w, ask(0, 0, 0, "fail", fault="F02"), *after)


def in_window(w, count, most, apart=1, window=SECOND):
    """So many, one shortly after the other."""
    asked = (ask(n, n * apart, key=f"k{n}") for n in range(count))
    return asking(w, *asked, quotas=(Quota("zuora", most, window),))


def at_once(w, count, most, apart):
    """So many under way, each for a tenth of a second."""
    return in_window(w, count, most, apart, window=0)


def told_to_wait(w, after):
    """An answer that wants three seconds, heard a tenth of a second after the start; then one request."""
    return asking(w, ask(0, 0, 429, "fail", fault="F39", retry_after=3), ask(1, after))


def signing(w, *asked, booted=()):
    """Tokens of an hour: sign-ins and requests, each what, seconds after the start, status, claim, …."""
    made = [
        replace(ask(n, after * SECOND, status, claim, key="", **more), name=name)
        for n, (name, after, status, claim, more) in enumerate(asked)
    ]
    lives = Limits(token_lives=(("zuora", HOUR),))
    return replace(
        w, operations=tuple(made), limits=lives, booted=tuple(START + at * SECOND for at in booted)
    )


def sign_in(after, status=200, claim="ok", **more):
    """A request for a token."""
    return "sign_in", after, status, claim, more


def order(after, status=200, claim="ok", **more):
    """Any other request."""
    return "place_order", after, status, claim, more


SOUND = {
    "I-33": {
        "as often as may be": lambda w: tried(w, 16, 224 * SECOND),
        "as often as it likes, over days": lambda w: tried(w, 40, HOUR),
        "four for one that is of use": lambda w: storm(w, 9, 31),
        "five of a hundred in vain": lambda w: aftermath(w, 95, 5),
        "all in vain, soon after": lambda w: aftermath(w, 1, 9, hours=5),
        "sign-ins of all who wait": lambda w: asking(
            w, *(ask(n, n, 500, "info", key="", fault="F02") for n in range(50))
        ),
    },
    "I-34": {
        "as many as are borne": lambda w: in_window(w, 5, 5),
        "more, of which none share a window with five": lambda w: in_window(w, 20, 5, SECOND // 5),
        "one after the other": lambda w: at_once(w, 9, 1, SECOND // 10),
        "as soon as the pause is over": lambda w: told_to_wait(w, 3 * SECOND + SECOND // 10),
        "on its way when the pause was told": lambda w: told_to_wait(w, SECOND // 20),
        "refused by a fault": lambda w: asking(w, ask(0, 0, 429, "fail", fault="F39")),
    },
    "I-35": {
        "a little before the hour": lambda w: signing(w, sign_in(0), order(3239), sign_in(3240), order(3600)),
        "to the last second": lambda w: signing(w, sign_in(0), order(3599)),
        "after a crash": lambda w: signing(w, sign_in(0), sign_in(60), booted=(-1, 30)),
        "after a refusal": lambda w: signing(w, sign_in(0), order(60, 401, "fail"), sign_in(61), order(62)),
        "after a try in vain": lambda w: signing(w, sign_in(0, 503, "fail"), sign_in(1)),
        "after one that was not heard": lambda w: signing(
            w, sign_in(0, 200, "info", took=30 * SECOND), sign_in(30)
        ),
        "after an error in a 200": lambda w: signing(w, sign_in(0, 200, "fail", fault="F06"), sign_in(1)),
        "beside one of a core that died": lambda w: signing(
            w, sign_in(0, 200, "info", took=-START), sign_in(1)
        ),
        "arrived late, sent in time": lambda w: signing(w, sign_in(0), order(3000, took=3000 * SECOND)),
    },
}

BROKEN = {
    "I-33": {
        "once too often within the hour": lambda w: tried(w, 17, 224 * SECOND),
        "at once, until given up": lambda w: tried(w, 24, SECOND),
        "a storm made of trouble": lambda w: storm(w, 9, 32),
        "six of a hundred in vain for good": lambda w: aftermath(w, 94, 6),
    },
    "I-34": {
        "one too many in a second": lambda w: in_window(w, 6, 5),
        "one too many in a window across two seconds": lambda w: in_window(w, 9, 5, SECOND // 6),
        "one too many at once": lambda w: at_once(w, 5, 4, SECOND // 50),
        "before the pause was over": lambda w: told_to_wait(w, 3 * SECOND + SECOND // 10 - 1),
        "refused by the vendor's own meter": lambda w: asking(w, ask(0, 0, 429, "fail")),
    },
    "I-35": {
        "thrown away after one use": lambda w: signing(w, sign_in(0), order(1), sign_in(2), order(3)),
        "a sixth of the hour too early": lambda w: signing(w, sign_in(0), sign_in(3000)),
        "once more for a refusal of the token before": lambda w: signing(
            w, sign_in(0), order(60, 401, "fail"), sign_in(61), sign_in(62)
        ),
        "for a refusal that nobody heard": lambda w: signing(
            w, sign_in(0), order(1, 401, "info"), sign_in(2)
        ),
        "two at once": lambda w: signing(w, sign_in(0), sign_in(0)),
        "two at once, in vain": lambda w: signing(w, sign_in(0, 503, "fail"), sign_in(0, 503, "fail")),
        "with a token that is over": lambda w: signing(w, sign_in(0), order(3601)),
        "with one that is over, and refused as such": lambda w: signing(
            w, sign_in(0), order(9999, 401, "fail")
        ),
    },
}
