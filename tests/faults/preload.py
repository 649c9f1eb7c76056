"""What every hub imports, imported once: hubs of the tests are forks of a process that did so.

A start then takes a fraction of a second instead of three seconds of a processor.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping

from app.__main__ import main
from app.lean import import_aiogram

import_aiogram()

for _name in (
    "app.cli.run",
    "app.hub",
    "bot.app",
    "channels.telegram.channel",
    "channels.webchat.channel",
):
    importlib.import_module(_name)


def work(environment: Mapping[str, str], log: str) -> None:
    """The forked process: `python -m app run` in this environment, speaking into this file."""
    os.environ.clear()
    os.environ.update(environment)
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for number in (1, 2):
        os.dup2(target, number)
    sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w", buffering=1)
    sys.exit(main(["run"]))
