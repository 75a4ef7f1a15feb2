"""What a sweep leaves behind: its outcomes as JSON, and line by line those of one that was broken off."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scenarios.crash_sweep import HARNESS, HELD, Outcome, Sweep
from scenarios.spec import Spec
from scenarios.world.powercut import Point


def to_plain(found: Sweep) -> dict[str, Any]:
    """As JSON has it."""
    return {
        "story": found.spec.story,
        "model": found.spec.model,
        "seed": found.spec.seed,
        "points": found.points,
        "tried": len(found.outcomes),
        "played": sum(outcome.played for outcome in found.outcomes),
        "held": sum(outcome.state == HELD for outcome in found.outcomes),
        "without_a_cut": list(found.base),
        "outcomes": [_row(each) for each in found.outcomes],
    }


class Sofar:
    """The outcomes of a sweep under way, one line each, beside the file that it is to write. A line that was
    broken off is the last, and counts for nothing; what the harness tripped over is tried again."""

    def __init__(self, out: Path, *, resume: bool) -> None:
        """FileExistsError where one would be lost, FileNotFoundError where there is none to go on with,
        any OSError where nothing can be written."""
        self.path = out.with_name(out.name + ".part")
        self._known: defaultdict[str, list[Outcome]] = defaultdict(list)
        lines: list[str] = []
        if resume:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        elif self.path.exists():
            raise FileExistsError(str(self.path))
        for line in lines:
            self._take(line)
        with self.path.open("a", encoding="utf-8") as file:
            # What is written next must not stand behind a line that was broken off.
            file.write("\n" if lines else "")

    def of(self, spec: Spec) -> list[Outcome]:
        """What is known of a run."""
        return self._known[spec.token]

    def teller(self, spec: Spec) -> Callable[[Outcome], None]:
        """Writes each outcome down at once."""

        def told(outcome: Outcome) -> None:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"run": spec.token, **_row(outcome)}) + "\n")

        return told

    def end(self) -> None:
        """The whole file is written."""
        self.path.unlink(missing_ok=True)

    def _take(self, line: str) -> None:
        try:
            row = json.loads(line)
        except ValueError:
            return
        if row["state"] != HARNESS:
            point = Point(row["kind"], row["what"])
            says, like = tuple(row["says"]), row["like"]
            outcome = Outcome(row["number"], point, row["state"], says, row["replay"], row["log"], like)
            self._known[row["run"]].append(outcome)


def _row(outcome: Outcome) -> dict[str, Any]:
    return {
        "number": outcome.number,
        "kind": outcome.point.kind,
        "what": outcome.point.what,
        "state": outcome.state,
        "says": list(outcome.says),
        "replay": outcome.replay,
        "log": outcome.log,
        "like": outcome.like,
    }
