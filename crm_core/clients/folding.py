"""The form names are compared in: one alphabet, no legal forms, spelling variants levelled."""

from __future__ import annotations

import re
import unicodedata

MAX_FOLDED = 240

_LEGAL_PHRASE = re.compile(
    r"общество с ограниченнои ответственностю|индивидуалныи предпринимател"
    r"|(?:(?:открытое|закрытое|публичное|непубличное) )?акционерное общество"
)
_LEGAL_WORDS = frozenset(
    {"ооо", "оао", "зао", "пао", "нао", "ао", "ип", "чп", "тоо", "одо", "спд", "фоп", "гуп"}
    | {"муп", "фгуп", "ано", "нко", "llc", "llp", "ltd", "inc", "gmbh", "corp", "limited"}
    | {"plc", "jsc", "ooo", "oao", "zao", "pao"}
)

# Latin spellings of Russian sounds, longest first; other letters go one by one.
_SOUNDS = {
    "shch": "щ",
    "sch": "щ",
    "tch": "ч",
    "iya": "ия",
    "zh": "ж",
    "kh": "х",
    "ts": "ц",
    "tz": "ц",
    "ch": "ч",
    "sh": "ш",
    "ph": "ф",
    "th": "т",
    "ya": "я",
    "ja": "я",
    "ia": "ия",
    "yu": "ю",
    "ju": "ю",
    "ye": "е",
    "je": "е",
    "yo": "е",
    "jo": "е",
    "ck": "к",
    "ce": "се",
    "ci": "си",
    "cy": "си",
    "x": "кс",
    **dict(zip("abcdefghijklmnopqrstuvwyz", "абкдефгхииклмнопкрстуввиз", strict=True)),
    **dict(zip("ыэієґғқңәөұүһ", "иеиеггкнаоуух", strict=True)),
}
_SOUND = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_SILENT = re.compile("[ьъ'’`ʼʹ]")
_NOT_WORD = re.compile(r"[\W_]+")
_REPEATED = re.compile(r"([^\W\d])\1+")


def fold(name: str) -> str:
    """A name as search compares it: words in order of the alphabet, a space between them.

    Equal for «ООО "Ромашка"» and «Ромашка, ООО», for «Пётр» and `Petr`, for «Анна» and «Ана»;
    empty for a name without letters and digits. At most 240 characters.
    """
    return " ".join(sorted(map(_sound, _words(name))))[:MAX_FOLDED].rstrip()


def _words(name: str) -> list[str]:
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    # Marks go, so й reads as и and ё as е, in Latin as in Cyrillic.
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    text = _NOT_WORD.sub(" ", _SILENT.sub("", plain))
    words = _LEGAL_PHRASE.sub(" ", text).split()
    return [word for word in words if word not in _LEGAL_WORDS] or text.split()


def _sound(word: str) -> str:
    heard = _SOUND.sub(lambda found: _SOUNDS[found.group()], word)
    return _REPEATED.sub(r"\1", heard)
