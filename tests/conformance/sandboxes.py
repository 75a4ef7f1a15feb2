"""Where the tests find the mocks: the same as everybody's."""

from __future__ import annotations

from scenarios.sandboxes import Sandboxes, sandboxes

__all__ = ["Sandboxes", "sandboxes"]
