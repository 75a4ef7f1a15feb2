"""The examples for other people's integrations run as their readers would run them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from scenarios.sandboxes import sandboxes
from scenarios.serving import CORE_PORT, Lab
from simulators.roster import VENDORS
from simulators.serve import TLS_ABOVE

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
# The plugin is found by its entry point, as in anybody's project.
PLAIN = ("-p", "no:xdist", "-p", "no:cacheprovider")

BROKEN = """
import pytest, stripe

@pytest.mark.tieout(laws=["I-06"])
def test_money_that_the_ledger_never_hears_of(tieout):
    address = {"api": tieout.url("stripe")}
    client = stripe.StripeClient(tieout.credentials("stripe")["secret_key"], base_addresses=address)
    client.v1.payment_intents.create({
        "amount": 1999, "currency": "usd", "confirm": True, "payment_method": "pm_card_visa",
        "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
    })

@pytest.mark.tieout(laws=["I-06"], at="2026-01-31T10:00:00Z")
def test_nothing_happens(tieout):
    assert tieout.now().startswith("2026-01-31T10:00:0")
    assert tieout.books("stripe")["charges"] == []

@pytest.mark.tieout(wish=1)
def test_a_word_that_the_marker_does_not_know(tieout):
    pass
"""


def run_pytest(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "pytest", *PLAIN, "-q", "--rootdir", str(folder), str(folder), *more]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=240, check=False
    )


def test_the_python_example() -> None:
    ran = run_pytest(EXAMPLES / "python")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "3 passed" in ran.stdout


def test_a_broken_law_fails_the_test_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text(BROKEN)
    ran = run_pytest(tmp_path)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "2 errors" in ran.stdout
    assert "I-06 is broken (1 times)" in ran.stdout
    assert "'wish' is unknown" in ran.stdout


def test_the_node_example(tmp_path: Path) -> None:
    npm = shutil.which("npm")
    if npm is None and not os.environ.get("CI"):
        pytest.skip("npm is missing: install Node 20 or newer to try the example in Node")
    assert npm, "npm is missing: .ci/run installs it"
    project = tmp_path / "node"
    shutil.copytree(EXAMPLES / "node", project, ignore=shutil.ignore_patterns("node_modules"))
    installed = subprocess.run(
        [npm, "ci", "--no-progress"], cwd=project, capture_output=True, text=True, timeout=240, check=False
    )
    assert installed.returncode == 0, installed.stdout + installed.stderr
    with sandboxes("stripe") as up:
        lab_file = tmp_path / "lab.json"
        Lab(up.urls, {"stripe": up.credentials("stripe")}, {}).write(lab_file)
        ran = subprocess.run(
            [npm, "test"],
            cwd=project,
            env={**os.environ, "TIEOUT_LAB": str(lab_file)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "# pass 4" in ran.stdout, ran.stdout


def test_compose_publishes_every_port() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    published = set()
    for line in compose["services"]["tieout"]["ports"]:
        address, first, _ = line.split(":")
        assert address == "127.0.0.1"
        low, high = first.split("-")
        published |= set(range(int(low), int(high) + 1))
    wanted = {CORE_PORT, *(v.port for v in VENDORS.values()), *(v.port + TLS_ABOVE for v in VENDORS.values())}
    assert wanted <= published


def test_the_container_may_write_where_its_readers_look() -> None:
    """A folder that compose makes by itself is root's: it is there before, and user 1000 is who writes."""
    service = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["tieout"]
    assert service["user"] == "${TIEOUT_USER:-1000:1000}"
    folder, _, inside = service["volumes"][0].partition(":")
    assert (ROOT / folder / ".gitignore").exists()
    image = (ROOT / "Dockerfile").read_text()
    assert "useradd --create-home --uid 1000" in image
    assert f"{inside}/lab.json" in image
    assert f"TIEOUT_CA_DIR={inside}" in image


@pytest.mark.parametrize("word", ["serve", "--tls", "0.0.0.0"])
def test_the_container_serves(word: str) -> None:
    assert word in (ROOT / "Dockerfile").read_text().splitlines()[-1]
