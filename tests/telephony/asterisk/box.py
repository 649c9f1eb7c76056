"""A real Asterisk in a private folder: set up once per machine, started once per session."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sandbox.asterisk import box, place
from sandbox.asterisk.box import AMI_SECRET, AMI_USER, PASSWORD, Box

__all__ = ["AMI_SECRET", "AMI_USER", "PASSWORD", "Box", "made", "require"]


def require() -> None:
    """Where it can't be had the tests are skipped with the reason, on CI they fail."""
    if why := place.set_up():
        line = f"no Asterisk (apt-get, dpkg-deb and a Debian mirror are needed): {why}"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(line)


def made(folder: Path) -> Box:
    """A box with free ports, not started yet."""
    require()
    return box.made(folder)
