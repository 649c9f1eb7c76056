"""One real Asterisk for all tests of telephony that want it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.telephony.asterisk.box import Box, made
from tests.telephony.asterisk.house import dialled


@pytest.fixture(scope="session")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """Asterisk with the dialplan that `pult pbx setup` prints."""
    box = made(tmp_path_factory.mktemp("pbx"))
    box.start(dialled(box))
    yield box
    box.wipe()
