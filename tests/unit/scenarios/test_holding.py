"""A data folder has one deployment in it, and a child goes with its parent."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from scenarios.holding import alone_in
from simulators.serve import ServeError, listen
from tests.unit.core.test_deployment import deployment


def test_the_second_in_a_folder_is_refused_by_name_and_let_in_when_the_first_has_left(tmp_path):
    folder = tmp_path / "new" / "data"
    with alone_in(folder):
        assert folder.stat().st_mode & 0o777 == 0o700
        refused = rf"data: .*data is in use by another tieout up \(pid {os.getpid()}\)"
        with pytest.raises(ServeError, match=refused), alone_in(folder):
            raise AssertionError("both are in")
    with alone_in(folder):
        pass


def test_whoever_dies_in_it_leaves_it_free(tmp_path):
    said = (
        "from pathlib import Path; from scenarios.holding import alone_in; import os, sys\n"
        "with alone_in(Path(sys.argv[1])): os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", said, tmp_path], timeout=60, check=False).returncode == 9
    with alone_in(tmp_path):
        pass


def test_a_folder_that_cannot_be_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ServeError, match=r"data: .*file: File exists"), alone_in(tmp_path / "file"):
        pass


@pytest.mark.parametrize("port", [70_000, -5])
def test_a_port_that_is_none_is_said_so(port):
    with pytest.raises(ServeError, match=rf"stripe: port {port} is none; .*1 to 65535"):
        listen("stripe", "127.0.0.1", port)


def test_a_process_ends_by_itself_when_its_supervisor_is_gone(tmp_path):
    file = tmp_path / "deployment.json"
    replace(deployment(), store=f"sqlite:{tmp_path / 'core.sqlite3'}").write(file)
    command = [
        sys.executable,
        "-m",
        "core.process",
        str(file),
        "--role",
        "worker",
        "--name",
        "w",
        "--supervised",
    ]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stdin is not None
    assert child.stderr is not None
    # Its first line: it is there.
    assert '"mappings"' in child.stderr.readline()
    assert child.poll() is None
    child.stdin.close()
    assert "whoever started it is gone" in child.stderr.read()
    assert child.wait(30) == 0
