"""`python -m scenarios.mutants.second TOKEN`: play the run in this process and say the hash of its log."""

from __future__ import annotations

import os
import subprocess
import sys

from scenarios.spec import Spec, read_token
from scenarios.world.play import play


def hash_elsewhere(spec: Spec) -> str:
    """The log's hash as another process with another hash seed makes it; RuntimeError if it fails."""
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    made = subprocess.run(
        [sys.executable, "-m", __name__, spec.token],
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise RuntimeError(f"{spec.token}: the second run failed: {made.stderr.strip()[-300:]}")
    return made.stdout.strip()


if __name__ == "__main__":
    sys.stdout.write(play(read_token(sys.argv[1])).evidence.determinism.log_hash)
