"""How Russian a text looks: letters by how often they stand, alphabets that mix. Pure."""

from __future__ import annotations

# How often letters stand in Russian text, in thousandths.
_THOUSANDTHS = (
    "109 84 79 73 67 62 54 47 45 44 35 32 30 28 26 21 19 17 17 16 16 14 12 10 9 7 6 5 4 3 3 1 1"
)
OFTEN = dict(
    zip(
        "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
        map(int, _THOUSANDTHS.split()),
        strict=True,
    )
)
STRANGE = -120
SHOUT = -40
MIXED = -60


def likeness(data: bytes, name: str) -> float:
    """How Russian the high half of the bytes looks: mean points of a character."""
    text = data.decode(name, "replace")
    high = [(text[at - 1] if at else " ", char) for at, char in enumerate(text) if char > "\x7f"]
    return sum(_points(before, char) for before, char in high) / max(len(high), 1)


def _points(before: str, char: str) -> int:
    points = OFTEN.get(char.lower())
    if points is None:
        return 0 if char in "«»—–…№’“”\xa0" else STRANGE
    if before.isascii() and before.isalpha():
        return MIXED  # words of one language do not change their alphabet
    # A capital after a small letter: two alphabets that mirror each other's case.
    return points + (SHOUT if char.isupper() and before.islower() else 0)
