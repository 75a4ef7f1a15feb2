"""Hybrid closes each month by itself, on its day, over the controls that its ports show."""

from __future__ import annotations

from core.close.month_end import BY_PORT
from core.settings import Settings
from scenarios.spec import Spec
from scenarios.world.play import play

SPEC = Spec("quick", "hybrid", "mid_market", 5, 2, 1, "none")


def closes(settings: Settings) -> dict[str, int]:
    played = play(SPEC, settings=settings, repeat=False)
    return {name: count for name, count in played.core_counts.items() if name.startswith("close.")}


def test_the_month_end_controls_run_on_their_day_and_pass():
    found = closes(Settings(dunning_hour=None, write_off_hour=None))
    # December, when nothing was sold yet, and January; February ends after the run.
    assert found == {
        f"close.{number}.{state}": 1 for number in BY_PORT for state in ("not applicable", "passed")
    }


def test_nobody_closes_where_no_day_is_set():
    assert closes(Settings(dunning_hour=None, write_off_hour=None, close_day=None)) == {}
