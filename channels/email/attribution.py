"""A sentence that says "here begins what I answer to", as mail programs write it. Pure.

It ends with a colon (Gmail, Yandex, Mail.ru, Apple, Thunderbird, The Bat!), or with the verb.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from channels.email.dividers import bare

MOST_LINES, LONGEST = 4, 400
MONTHS = (
    "янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек"
    "|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
)
WHEN = re.compile(
    rf"\d{{1,2}}[:.]\d{{2}}|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}}"
    rf"|\d{{1,2}}\s+(?:{MONTHS})\w*",
    re.IGNORECASE,
)
WRITES = (
    r"(?:написал(?:\(а\)|\(-а\)|а|и|о)?|пишет|писал(?:\(а\)|а|и)?|пишешь|сообщил(?:\(а\)|а)?"
    r"|отправил(?:\(а\)|а)?|wrote|writes|schrieb|a écrit|napisał\(?a?\)?|ha scritto|escribió"
    r"|напис(?:ав|ала|ав\(ла\)))"
)
VERB = re.compile(rf"\b{WRITES}\b|\bВы (?:на)?писали\b|\byou wrote\b", re.IGNORECASE)
SOMEBODY = re.compile(
    r"<?(?:mailto:)?[^\s<>@()\[\]]+@[^\s<>@()\[\]]+\.[^\s<>@()\[\]]+>?", re.IGNORECASE
)
# Begins like an attribution; without it a long sentence with a colon is just a sentence.
OPENS = re.compile(
    rf"(?:В письме от\b|В (?:пн|вт|ср|чт|пт|сб|вс)\b|On\b|Am\b|Le\b|El\b"
    rf"|(?:пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье)\b"
    rf"|(?:mon|tue|wed|thu|fri|sat|sun)\w*\b|\d{{1,2}}[./-]\d|\d{{1,2}}\s+(?:{MONTHS})"
    rf"|\d{{4}}-\d{{2}}-\d{{2}}|Пользователь\b|[\"«“]|Вы писали\b)",
    re.IGNORECASE,
)


def attribution(lines: Sequence[str], at: int) -> int:
    """How many lines from `at` are an attribution sentence; 0 when there is none."""
    if not OPENS.match(bare(lines[at])) and not VERB.search(lines[at]):
        return 0
    joined = ""
    for count, line in enumerate(lines[at : at + MOST_LINES], 1):
        text = bare(line)
        if not text:
            return 0
        joined = f"{joined} {text}".strip()
        if len(joined) > LONGEST:
            return 0
        if text.endswith(":") or (count < MOST_LINES and _ends(text)):
            quoted = _quoted_next(lines, at + count)
            return count if _is_attribution(joined, quoted=quoted) else 0
    return 0


def _ends(text: str) -> bool:
    """Some programs forget the colon after the verb."""
    return bool(re.search(rf"\b{WRITES}\.?$", text, re.IGNORECASE))


def _is_attribution(text: str, *, quoted: bool) -> bool:
    when, verb = WHEN.search(text), VERB.search(text)
    somebody = SOMEBODY.search(text)
    if verb and (quoted or text.endswith(":")) and not when and not somebody:
        return quoted and len(text) < 120
    if not when:
        return bool(verb and somebody)
    if not OPENS.match(text) and not verb:
        return False
    return bool(somebody or quoted or (verb and OPENS.match(text)))


def _quoted_next(lines: Sequence[str], at: int) -> bool:
    """Whether the next line that is not empty is quoted."""
    following = (line for line in lines[at : at + 4] if line.strip())
    return next(following, "").lstrip().startswith(">")
