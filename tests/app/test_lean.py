"""aiogram with deferred models: quick and small, and nothing of it is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.settings import Settings

BUILD_ALL = """
from app.lean import import_aiogram
import_aiogram()
from aiogram import methods, types
built = 0
for module in (types, methods):
    for name in module.__all__:
        found = getattr(module, name)
        if isinstance(found, type) and hasattr(found, "model_rebuild"):
            assert found.model_rebuild() is not False, name
            built += 1
answer = methods.base.Response[types.Message].model_validate(
    {"ok": True, "result": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}}}
)
assert answer.result.message_id == 1
print(built)
"""
WEIGHT = """
from pathlib import Path
from app.lean import import_aiogram
import_aiogram()
pages = int(Path("/proc/self/statm").read_text().split()[1])
print(pages * 4096 // 2**20)
"""


def python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=120
    )
    return done.stdout.strip()


def test_every_model_can_still_be_built() -> None:
    assert int(python(BUILD_ALL)) > 500


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc")
def test_the_import_stays_small() -> None:
    lean = int(python(WEIGHT))
    whole = int(python(WEIGHT.replace("import_aiogram()\n", "import aiogram\n", 1)))
    assert lean < whole / 2, "deferring is what keeps the hub below its memory limit"


def test_settings_have_one_place_in_the_manual() -> None:
    from app.testing import ROOT

    manual = (ROOT / "docs" / "settings.md").read_text()
    missing = [name for name in Settings.model_fields if f"PULT_{name.upper()}" not in manual]
    assert missing == []
