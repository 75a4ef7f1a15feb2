"""`tieout list`: everything that has a name."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.assemble import MODELS
from reports.names import model_name, system_name
from scenarios.checkers.laws import LAWS
from scenarios.faults import CATALOGUE
from scenarios.mutants.catalogue import MUTANTS
from scenarios.profiles.profile import names, read_profile
from scenarios.spec import PRESETS
from scenarios.stories.index import STORIES
from scenarios.stories.story import Story
from simulators.roster import VENDORS


def list_command() -> None:
    """Stories, models, profiles, faults, laws, mocks and mutants."""
    console = Console()
    companies = [read_profile(name) for name in names()]
    _show(console, "Stories", [(s.name, _told(s)) for s in STORIES.values() if s.script is None])
    _show(console, "Finance stories", [(s.name, s.title) for s in STORIES.values() if s.script is not None])
    _show(console, "Models", [(name, model_name(name)) for name in MODELS])
    _show(
        console,
        "Profiles",
        [(p.name, f"{p.title} ({p.customers} customers, {p.months} months)") for p in companies],
    )
    _show(console, "Faults", [(kind.id, kind.title) for kind in CATALOGUE.values()])
    _show(console, "Presets of faults", [(name, "") for name in PRESETS])
    _show(console, "Laws", [(law.id, law.title) for law in LAWS])
    _show(console, "Mocks", [(name, system_name(name)) for name in VENDORS])
    _show(console, "Mutants", [(mutant.name, mutant.says) for mutant in MUTANTS.values()])


def _told(story: Story) -> str:
    return f"{story.title} ({story.profile}, {story.faults})"


def _show(console: Console, title: str, rows: list[tuple[str, str]]) -> None:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE, show_header=False)
    table.pad_edge = False
    for name, said in rows:
        table.add_row(Text(name, "bold"), Text(said))
    console.print(table)
