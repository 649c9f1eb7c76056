"""Keys of fields from their titles: short, in Latin letters. Pure."""

from __future__ import annotations

import re
from collections.abc import Container

LONGEST = 40
SOUNDS = (
    *"abvgdee",
    "zh",
    *"ziyklmnoprstufhc",
    "ch",
    "sh",
    "sch",
    "_",
    "y",
    "_",
    "e",
    "yu",
    "ya",
)
LETTERS = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        SOUNDS,
        strict=True,
    )
)


def slug(title: str, taken: Container[str] = ()) -> str:
    """`Дата рождения` → `data_rozhdeniya`; with a number when that is taken."""
    spelled = "".join(LETTERS.get(char, char) for char in title.casefold())
    base = re.sub(r"[^a-z0-9]+", "_", spelled.replace("_", "")).strip("_")[:LONGEST].strip("_")
    if not base or not base[0].isalpha():
        base = f"field_{base}".rstrip("_")
    found, number = base, 2
    while found in taken:
        found, number = f"{base}_{number}", number + 1
    return found
