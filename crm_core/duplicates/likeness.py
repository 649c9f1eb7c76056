"""How far two names mean the same: word by word, knowing what words of a name are for. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import StrEnum

from rapidfuzz.distance import OSA

from crm_core.duplicates.firstnames import is_womans, meanings
from crm_core.duplicates.names import BRANCH, GENERIC, Name, is_father


class Likeness(StrEnum):
    """What two names say of each other. UNKNOWN: one of them is no name at all."""

    SAME = "same"
    CLOSE = "close"
    INITIALS = "initials"
    PART = "part"
    RENAMED = "renamed"
    UNKNOWN = "unknown"
    OTHER = "other"


Pair = tuple[str, str]
Alike = Callable[[str, str], bool]


def likeness(left: Name, right: Name) -> Likeness:
    """Compare two names; the order of words, spelling variants and legal forms do not count."""
    if not (left.known and right.known):
        return Likeness.UNKNOWN
    if sorted(left.words) == sorted(right.words):
        return Likeness.SAME
    if left.company or right.company:
        return _companies(left.words, right.words)
    return _people(left.words, right.words)


def _companies(left: Iterable[str], right: Iterable[str]) -> Likeness:
    one, two = list(left), list(right)
    if "".join(one) == "".join(two):
        return Likeness.CLOSE
    same = _take(one, two, str.__eq__)
    close = _take(one, two, _slip)
    named = [word for word, _ in (*same, *close) if word not in GENERIC and not word.isdecimal()]
    rest = one + two
    if (one and two) or not named or any(word in BRANCH or _numbered(word) for word in rest):
        return Likeness.OTHER
    return Likeness.PART if rest else Likeness.CLOSE


def _people(left: Iterable[str], right: Iterable[str]) -> Likeness:
    one, two = list(left), list(right)
    if _firsts_differ(one, two):
        return Likeness.OTHER
    same = _take(one, two, str.__eq__)
    same += _take(one, two, _short_form)
    spouse = _take(one, two, _same_family)
    slips = _take(one, two, _slip)
    short = _take(one, two, _initial)
    first = [word for word, _ in same if meanings(word)]
    if one and two:
        return _renamed(one, two, first)
    named = [word for word, _ in (*same, *slips) if not is_father(word)]
    if (spouse and not first) or not named or any(map(_numbered, one + two)):
        return Likeness.OTHER
    if one or two or len(short) == 1:
        return Likeness.PART
    return Likeness.INITIALS if short else Likeness.CLOSE


def _take(left: list[str], right: list[str], alike: Alike) -> list[Pair]:
    """Words of both that are alike, taken off both lists."""
    found = []
    for word in list(left):
        other = next((one for one in right if alike(word, one)), None)
        if other is not None:
            found.append((word, other))
            left.remove(word)
            right.remove(other)
    return found


def _firsts_differ(left: Iterable[str], right: Iterable[str]) -> bool:
    """Both have a first name and it is not the same one: father and son, husband and wife."""
    one = [full for word in left if (full := meanings(word))]
    two = [full for word in right if (full := meanings(word))]
    return bool(one and two) and not any(a & b for a in one for b in two)


def _short_form(left: str, right: str) -> bool:
    return bool(meanings(left) & meanings(right))


_ENDS = re.compile(r"(?<=\w{3})(?:ая|ии|ои|ич|на|а)$")


def _same_family(left: str, right: str) -> bool:
    """«Иванов» and «Иванова», «Петрович» and «Петровна»: the same but for the sex."""
    if meanings(left) or meanings(right) or is_father(left) != is_father(right):
        return False
    return left[-1] != right[-1] and _ENDS.sub("", left) == _ENDS.sub("", right)


def _slip(left: str, right: str) -> bool:
    """One letter wrong, two in a long word; first names and figures are never misspelt so."""
    shorter = min(len(left), len(right))
    if shorter < 5 or _numbered(left) or _numbered(right) or is_father(left) != is_father(right):
        return False
    if meanings(left) and meanings(right):
        return False
    most = 1 if shorter < 9 else 2
    return OSA.distance(left, right, score_cutoff=most) <= most


def _initial(left: str, right: str) -> bool:
    return min(len(left), len(right)) == 1 and left[0] == right[0]


def _numbered(word: str) -> bool:
    return any(map(str.isdecimal, word))


def _renamed(left: list[str], right: list[str], first: list[str]) -> Likeness:
    """A woman with another surname; whoever else differs in a word is somebody else."""
    words = left + right
    married = len(left) == len(right) == 1 and any(map(is_womans, first))
    if married and min(map(len, words)) > 2 and not any(map(is_father, words)):
        return Likeness.RENAMED
    return Likeness.OTHER
