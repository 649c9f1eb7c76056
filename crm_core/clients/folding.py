"""The form names are compared in: one alphabet, no legal forms, spelling variants levelled."""

from __future__ import annotations

import re
import unicodedata

MAX_FOLDED = 240

_LEGAL_PHRASE = re.compile(
    r"(?:общество с ограниченнои ответственностю|индивидуалныи предпринимател"
    r"|(?:(?:открытое|закрытое|публичное|непубличное) )?акционерное общество"
    r"|(?:автономная )?некоммерческая организация)(?!\w)"
)
_LEGAL_WORDS = frozenset(
    {"ооо", "оао", "зао", "пао", "нао", "ао", "ип", "чп", "тоо", "одо", "спд", "фоп", "гуп"}
    | {
        "муп",
        "фгуп",
        "фгбу",
        "гбу",
        "мбу",
        "ано",
        "нко",
        "тсж",
        "тсн",
        "снт",
        "кфх",
        "llc",
        "llp",
        "ltd",
        "inc",
        "gmbh",
        "corp",
        "limited",
    }
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


def folded_words(name: str) -> tuple[str, ...]:
    """The words `fold` compares by, in the order they are written in."""
    return tuple(map(_sound, _words(name)))


def legal_form(name: str) -> str | None:
    """The legal form a name is written with: `ооо`, `ао`, `ип`; None when there is none."""
    text = _plain(name)
    phrase = _LEGAL_PHRASE.search(text)
    if phrase is not None:
        found = "".join(word[0] for word in phrase.group().split() if word != "с")
    else:
        found = next((word for word in text.split() if word in _LEGAL_WORDS), "")
    return _SAME_FORM.get(found, found) or None


# One form under its names of different years, and in Latin letters.
_SAME_FORM = {
    **dict.fromkeys(("оао", "зао", "пао", "нао", "oao", "zao", "pao", "jsc", "plc"), "ао"),
    **dict.fromkeys(("ooo", "llc", "ltd", "limited", "тоо", "одо"), "ооо"),
}


# Latin letters that look like Cyrillic ones, for words that mix both alphabets.
_LOOKS = str.maketrans("aceopxykmtbhABCEHKMOPTXY", "асеорхукмтвнАВСЕНКМОРТХУ")
_MIXED = re.compile(r"(?=\w*[A-Za-z])(?=\w*[а-яёА-ЯЁ])\w+")


def _words(name: str) -> list[str]:
    text = _plain(name)
    words = _LEGAL_PHRASE.sub(" ", text).split()
    return [word for word in words if word not in _LEGAL_WORDS] or text.split()


def _plain(name: str) -> str:
    """Small letters of one alphabet a word, without marks and signs."""
    alike = _MIXED.sub(lambda found: found.group().translate(_LOOKS), name)
    decomposed = unicodedata.normalize("NFKD", alike).casefold()
    # Marks go, so й reads as и and ё as е, in Latin as in Cyrillic.
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _NOT_WORD.sub(" ", _SILENT.sub("", plain)).strip()


def _sound(word: str) -> str:
    heard = _SOUND.sub(lambda found: _SOUNDS[found.group()], word)
    return _REPEATED.sub(r"\1", heard)
