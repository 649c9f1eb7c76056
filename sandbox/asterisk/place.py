"""Where a private Asterisk lies, and how it comes there. Standard library only."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
HELP = (
    "a private Asterisk is needed: on Debian apt-get sets it up by itself, without root (about"
    " 100 MB); elsewhere install apt-get, dpkg-deb, flock and the package debian-archive-keyring,"
    " and set AST_MIRROR to a Debian mirror"
)


def home() -> Path:
    """Where it is unpacked to, once for all runs."""
    if found := os.environ.get("AST_HOME"):
        return Path(found)
    if os.geteuid() == 0:
        return Path("/opt/asterisk-private")
    return Path.home() / ".cache" / "pult" / "asterisk"


def set_up() -> str | None:
    """Unpack it when it is not there (20 seconds, once); the reason why not, else None."""
    place = home()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(  # noqa: S603 - our own script
            (str(HERE / "setup.sh"),),
            env={**os.environ, "AST_HOME": str(place)},
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        return str(error)
    said = done.stderr.strip().splitlines() or ["no reason given"]
    return said[-1].removeprefix("setup: ") if done.returncode else None
