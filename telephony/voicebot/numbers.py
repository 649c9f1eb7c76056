"""Words said as digits: Russian and English number words, one by one or in groups (pure)."""

from __future__ import annotations

from collections.abc import Sequence


def _row(words: str) -> list[str]:
    return words.split()


_RU_UNITS = _row("ноль один два три четыре пять шесть семь восемь девять")
_RU_TEENS = _row(
    "десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать"
    " восемнадцать девятнадцать"
)
_RU_TENS = _row("двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто")
_RU_HUNDREDS = _row("сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот")
_EN_UNITS = _row("zero one two three four five six seven eight nine")
_EN_TEENS = _row("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
_EN_TENS = _row("twenty thirty forty fifty sixty seventy eighty ninety")

VALUES: dict[str, int] = {
    **{word: value for words in (_RU_UNITS, _EN_UNITS) for value, word in enumerate(words)},
    **{word: value for words in (_RU_TEENS, _EN_TEENS) for value, word in enumerate(words, 10)},
    **{word: value * 10 for words in (_RU_TENS, _EN_TENS) for value, word in enumerate(words, 2)},
    **{word: value * 100 for value, word in enumerate(_RU_HUNDREDS, 1)},
    "нуль": 0,
    "одна": 1,
    "две": 2,
    "раз": 1,
    "oh": 0,
}
UNITS = {"ru": tuple(_RU_UNITS), "en": tuple(_EN_UNITS)}
WORDS = {
    "ru": (*_RU_UNITS, *_RU_TEENS, *_RU_TENS, *_RU_HUNDREDS),
    "en": (*_EN_UNITS, *_EN_TEENS, *_EN_TENS),
}


def groups(words: Sequence[str]) -> list[int]:
    """Numbers said one after another: "девятьсот шестнадцать сорок пять" -> [916, 45]."""
    found: list[int] = []
    room = 0  # what may still be added to the last number: below 100, below 10, nothing
    for word in words:
        value = VALUES.get(word, -1)
        if value < 0:
            room = 0
        elif 0 < value < room:
            found[-1] += value
            room = _room(value)
        else:
            found.append(value)
            room = _room(value)
    return found


def _room(value: int) -> int:
    if value >= 100:
        return 100
    return 10 if value >= 20 else 0


def digits(text: str) -> str:
    """Everything in a phrase that is a number, as one row of digits."""
    return "".join(_digits(text.lower().split()))


def _digits(words: list[str]) -> list[str]:
    row: list[str] = []
    pending: list[str] = []
    for word in [*words, ""]:
        if word.isdecimal():
            row += [*map(str, groups(pending)), word]
            pending = []
        else:
            pending.append(word)
    return [*row, *map(str, groups(pending))]
