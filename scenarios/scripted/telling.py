"""Tells a scripted story: its acts by date, what is expected and why; as lines and as a page.

python -m scenarios.scripted.telling [FILE] writes docs/stories.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from scenarios.scripted.script import Script
from scenarios.stories.index import STORIES
from scenarios.stories.story import Story

_PLACE = Path("docs/stories.md")
_HEAD = """# Finance stories

Each is a script: dated acts of people on the vendors' own APIs, and what the books must say at the end,
worked out by hand. `tieout run NAME --model M` plays one, under any model and, if you like, with
`--faults storm`; all laws and all expectations are judged. Made from the stories by
`python -m scenarios.scripted.telling`; a test keeps it equal, and another plays every story under all five
models. Bills are run on the days that a story names, periods are closed on the 7th of the next month,
revenue is recognised on the 2nd. The figures are those of healthy vendors: under `--faults` a month that is
closed early moves revenue to the next, and a model that loses facts loses figures too.
"""


def acts_by_date(script: Script) -> list[tuple[str, str]]:
    """(date, what is done), with the first and the last day."""
    told = sorted(((act.on, act.tell()) for act in script.acts), key=lambda pair: pair[0])
    days = ", ".join(str(day) for day in script.bills_on)
    bills = f"bills are run on day {days} of each month" if days else "bills are run every day"
    also = f", and on {', '.join(script.bills_also)}" if script.bills_also else ""
    cards = "; collections try failed cards again" if script.dunning else ""
    opens = f"Business opens; {bills}{also}{cards}"
    return [(script.begins, opens), *told, (script.ends, "The books are judged")]


def document() -> str:
    """The whole page, Markdown."""
    stories = [story for story in STORIES.values() if story.script is not None]
    rows = [f"| [{story.name}](#{story.name}) | {story.title} |" for story in stories]
    table = "\n".join(["| story | what |", "|---|---|", *rows, ""])
    return "\n".join([_HEAD, table, *(_chapter(story) for story in stories)])


def _chapter(story: Story) -> str:
    script = story.script
    assert script is not None
    parties = "; ".join(
        f"{p.key} is {p.name}, {p.place}, {p.currency}, pays by {p.pays}" for p in script.parties
    )
    return "\n".join(
        [
            f"## {story.name}",
            "",
            f"**{story.title}.** {story.about} {parties}.",
            "",
            *_table(("date", "act"), acts_by_date(script)),
            "",
            *_table(
                ("expected of the books", "figure", "worked out"),
                ((each.ask.says, each.due, each.by) for each in script.expects),
            ),
            "",
        ]
    )


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    return [*lines, *(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows)]


def main() -> None:
    """Write the page."""
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else _PLACE
    place.write_text(document(), encoding="utf-8")
    print(f"{place} written")  # noqa: T201 - a command's answer


if __name__ == "__main__":
    main()
