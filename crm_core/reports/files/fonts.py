"""The font of pictures and PDF: DejaVu Sans as matplotlib brings it. Blocking at first use."""

from __future__ import annotations

import threading
from functools import cache
from pathlib import Path

# Neither library promises to be used from several threads at once.
drawing = threading.Lock()


@cache
def path(*, bold: bool = False) -> str:
    import matplotlib  # noqa: PLC0415 - large: only who draws needs it

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name)


@cache
def _known() -> frozenset[int]:
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415 - as above

    return frozenset(FT2Font(path()).get_charmap())


def printable(text: str) -> str:
    """The text without what the font has no glyph for (emoji, some scripts)."""
    return "".join(char for char in text if ord(char) in _known()).strip()
