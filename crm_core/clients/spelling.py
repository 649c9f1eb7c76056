"""Pure spelling: how far two words are apart, and what was meant on another keyboard layout."""

from __future__ import annotations

_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбюё"
# Signs have no capitals of their own: the small letters are put last and win.
_SWAP = str.maketrans(
    _LATIN.upper() + _LATIN + _RUSSIAN.upper() + _RUSSIAN,
    _RUSSIAN.upper() + _RUSSIAN + _LATIN.upper() + _LATIN,
)


def other_layout(text: str) -> str:
    """The same keys on the other layout: `Bdfyjd` is «Иванов»."""
    return text.translate(_SWAP)


def allowed(word: str) -> int:
    """How many slips are forgiven in a word of this length."""
    return 0 if len(word) < 3 else 1 if len(word) < 6 else 2


def distance(left: str, right: str, most: int = 2) -> int:
    """Letters to put in, take out, change or swap (neighbours); `most + 1` when there are more."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, char in enumerate(left, 1):
        before, above, row = row, before, [i]
        for j, other in enumerate(right, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (char != other))
            if i > 1 and j > 1 and (char, left[i - 2]) == (right[j - 2], other):
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
