"""Who may know whom. The contracts stand in pyproject.toml, under [tool.importlinter]."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
NAMED = {contract["name"]: contract for contract in CONTRACTS}


def folders(under: str) -> set[str]:
    """Packages directly under a package."""
    return {path.parent.name for path in (ROOT / under).glob("*/__init__.py")}


def imports_of(path: Path) -> set[str]:
    """Modules that a file names in its imports, relative ones in full."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            found.add(".".join((*base, *filter(None, [node.module]))))
    return found


def test_every_contract_is_kept():
    # In a process of its own: the linter's set-up of logging switches off every logger that exists.
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    done = subprocess.run([*command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_vendor_is_forgotten():
    mocks = folders("simulators") - {"kit"}
    assert mocks <= set(NAMED["Mocks stand on the kit and do not know each other"]["layers"][2].split(" | "))
    in_floors = NAMED["In a mock routes stand above shapes, shapes above rules"]["containers"]
    assert {f"simulators.{mock}" for mock in mocks} <= set(in_floors)
    independent = NAMED["Connectors do not know each other"]["modules"]
    assert {f"core.connectors.{name}" for name in folders("core/connectors")} <= set(independent)


def test_checkers_import_evidence_and_the_standard_library_only():
    for path in (ROOT / "scenarios" / "checkers").rglob("*.py"):
        for module in imports_of(path):
            allowed = module.startswith(("scenarios.evidence.", "scenarios.checkers"))
            assert allowed or module.split(".")[0] in sys.stdlib_module_names, f"{path}: {module}"


def test_evidence_imports_the_standard_library_only():
    for path in (ROOT / "scenarios" / "evidence").rglob("*.py"):
        for module in imports_of(path):
            own = module.startswith("scenarios.evidence.")
            assert own or module.split(".")[0] in sys.stdlib_module_names, f"{path}: {module}"


@pytest.mark.parametrize(("library", "homes"), [("simpy", ("scenarios",)), ("locust", ("loadtests",))])
def test_a_library_stays_where_it_belongs(library, homes):
    for top in ("core", "simulators", "scenarios", "reports", "loadtests"):
        for path in (ROOT / top).rglob("*.py"):
            if any(module.split(".")[0] == library for module in imports_of(path)):
                assert top in homes, path


def test_simpy_is_known_to_the_loop_and_the_lifecycles_only():
    users = {
        path.relative_to(ROOT / "scenarios").parts[0]
        for path in (ROOT / "scenarios").rglob("*.py")
        if any(module.split(".")[0] == "simpy" for module in imports_of(path))
    }
    assert users <= {"world", "lifecycles"}
