"""The lab's front door.

Exit codes: 0 what was required holds; 1 a law is broken; 2 a law is left undecided; 3 wrong use, a
failure of the harness, or an interruption, said in one line.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import typer
from rich.console import Console

from scenarios.commands.auditing import audit_command
from scenarios.commands.books import books_command
from scenarios.commands.capacity import capacity_command
from scenarios.commands.closing import close_command
from scenarios.commands.comparing import compare_command
from scenarios.commands.contracts import contracts_command
from scenarios.commands.crash_sweeping import crash_sweep_command
from scenarios.commands.listing import list_command
from scenarios.commands.mappings import mappings_command
from scenarios.commands.metrics import metrics_command
from scenarios.commands.oracle import oracle_command
from scenarios.commands.others import mutants_command, serve_command, up_command
from scenarios.commands.owning import ownership_command
from scenarios.commands.passwords import hash_password_command
from scenarios.commands.playing import replay_command, run_command
from scenarios.commands.promoting import promote_command
from scenarios.commands.revenue import revenue_command
from scenarios.commands.rotating import rotate_command
from scenarios.commands.signing import sign_command
from scenarios.commands.tracing import trace_command
from scenarios.commands.wishes import WrongUse, unknown
from scenarios.faults import PlanError
from scenarios.profiles.company import ProfileError
from scenarios.running import hush
from scenarios.spec import TokenError

COMMANDS: dict[str, Callable[..., None]] = {
    "compare": compare_command,
    "run": run_command,
    "replay": replay_command,
    "list": list_command,
    "mutants": mutants_command,
    "serve": serve_command,
    "up": up_command,
    "oracle": oracle_command,
    "crash-sweep": crash_sweep_command,
    "metrics": metrics_command,
    "revenue": revenue_command,
    "books": books_command,
    "close": close_command,
    "sign": sign_command,
    "audit": audit_command,
    "hash-password": hash_password_command,
    "rotate": rotate_command,
    "contracts": contracts_command,
    "ownership": ownership_command,
    "mappings": mappings_command,
    "promote": promote_command,
    "trace": trace_command,
    "capacity": capacity_command,
}
_REFUSALS = (WrongUse, PlanError, ProfileError, TokenError)


def main(args: Sequence[str] | None = None) -> int:
    """Run a command; the exit code. `--debug` anywhere shows the traceback of a failure."""
    given = list(sys.argv[1:] if args is None else args)
    debug = "--debug" in given
    if not debug:
        hush()
    try:
        return _perform([arg for arg in given if arg != "--debug"])
    except _REFUSALS as error:
        return _fail(str(error), debug)
    except (KeyboardInterrupt, _Stopped):
        return _fail("stopped by Ctrl-C; nothing was written", debug)
    except _Unheard:
        # Whoever read the output has gone; what is still buffered must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 3
    except Exception as error:  # noqa: BLE001 - the outermost place: whatever it is, one line
        if hasattr(error, "format_message"):
            return _fail(_usage(error, given), debug)
        remedy = "" if debug else "; --debug shows the traceback"
        return _fail(f"harness: {type(error).__name__}: {error}{remedy}", debug)


def _perform(args: list[str]) -> int:
    if args and not args[0].startswith("-") and args[0] not in COMMANDS:
        raise unknown("command", args[0], COMMANDS)
    if not args:
        raise WrongUse(f"command: none given; one of {', '.join(COMMANDS)}, or --help")
    code: Any = typer.main.get_command(_app())(args=args, prog_name="tieout", standalone_mode=False)
    return code if isinstance(code, int) else 0


def _app() -> typer.Typer:
    app = typer.Typer(
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        help="Five ways to connect SaaS and ERP, played in virtual time, under faults, judged to the cent.",
        epilog="Exit codes: 0 holds, 1 a law is broken, 2 undecided, 3 wrong use or failure (--debug).",
    )
    for name, command in COMMANDS.items():
        app.command(name)(_renamed(command))
    return app


class _Stopped(Exception):
    """Ctrl-C."""


class _Unheard(Exception):
    """Nobody reads the output."""


def _renamed(command: Callable[..., None]) -> Callable[..., None]:
    """The command, with two errors under names that the parser does not turn into codes of its own."""

    @wraps(command)
    def called(**given: Any) -> None:
        try:
            command(**given)
        except KeyboardInterrupt:
            raise _Stopped from None
        except BrokenPipeError:
            raise _Unheard from None

    return called


def _usage(error: Any, given: Sequence[str]) -> str:
    """A usage error of the parser, with its field, value and remedy."""
    context = getattr(error, "ctx", None)
    command = context.info_name if context is not None else ""
    option = getattr(error, "option_name", None)
    if option and context is not None and type(error).__name__ == "NoSuchOption":
        names = [name for each in context.command.get_params(context) for name in each.opts]
        return str(unknown(f"{command} option", option, [name for name in names if name.startswith("-")]))
    typed = _typed(getattr(error, "param", None), given)
    return f"{command}: {typed}{error.format_message().rstrip('.')}; see tieout {command} --help"


def _typed(param: Any, given: Sequence[str]) -> str:
    """What was given for a parameter that the parser refuses, where it can be found."""
    for name in getattr(param, "opts", ()):
        if name in given[:-1]:
            return f"{name} {given[list(given).index(name) + 1]}: "
    return ""


def _fail(said: str, debug: bool) -> int:
    if debug:
        traceback.print_exc()
    Console(stderr=True).print(
        f"tieout: {' '.join(said.split())}", markup=False, highlight=False, soft_wrap=True
    )
    return 3


if __name__ == "__main__":
    sys.exit(main())
