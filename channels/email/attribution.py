"""Lines that say "here begins what I answer to", as mail programs write them. Pure.

Three families: a sentence that ends with a colon (Gmail, Yandex, Mail.ru, Apple, Thunderbird,
The Bat!), a dashed line (Outlook, Samsung, Zimbra), a block of header fields (Outlook, Lotus).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

MOST_LINES = 4
LONGEST = 400

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
DASHED = re.compile(
    r"\s*[-_=*]{2,}\s*(?:Original Message|Original-Nachricht|Исходное (?:письмо|сообщение)"
    r"|Оригинальное (?:письмо|сообщение)|Первоначальное сообщение|Reply message"
    r"|Начало (?:исходного|цитируемого) сообщения|Конец исходного сообщения"
    r"|Message d'origine|Ответное сообщение)\s*[-_=*]*\s*$",
    re.IGNORECASE,
)
FORWARDED = re.compile(
    r"\s*(?:[-_=*]{2,}\s*)?(?:Forwarded message|Begin forwarded message|Fwd:?\s*Message"
    r"|Пересылаемое (?:письмо|сообщение)|Пересланное (?:письмо|сообщение)"
    r"|Перенаправленное (?:письмо|сообщение)|Переадресованное (?:письмо|сообщение)"
    r"|Начало (?:переадресованного|пересылаемого|переадресуемого|пересланного) сообщения"
    r"|Завершение пересылаемого сообщения|This is a forwarded message"
    r"|Это пересылаемое сообщение)\s*:?\s*[-_=*]*\s*$",
    re.IGNORECASE,
)
LINE = re.compile(r"\s*[_\-=]{10,}\s*$")
FIELDS = {
    "from": r"From|От кого|От|Отправитель|Von|De",
    "date": r"Sent|Date|Отправлено|Отправленные|Дата|Gesendet|Envoyé|Когда",
    "to": r"To|Кому|Получатель|An|À",
    "cc": r"Cc|Копия|Копии",
    "subject": r"Subject|Тема|Betreff|Objet",
}
FIELD = {
    name: re.compile(rf"\s*[>*\s]*\**(?:{words})\**\s*:\**\s*(.*)$", re.IGNORECASE)
    for name, words in FIELDS.items()
}


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


def bare(line: str) -> str:
    """A line without quote marks and emphasis."""
    return line.strip().lstrip("> ").strip("*_ \u200b")


def header_block(lines: Sequence[str], at: int) -> dict[str, str]:
    """Fields of a block of headers that begins at `at`: who, and two others; {} for none.

    `end` is the place after it, as text.
    """
    if not FIELD["from"].match(lines[at]):
        return {}
    found: dict[str, str] = {}
    last, end = "", at
    for place, line in enumerate(lines[at : at + 14], at):
        name = next((one for one, rule in FIELD.items() if rule.match(line)), "")
        if name and name not in found:
            match = FIELD[name].match(line)
            found[name] = match[1].strip(" *") if match else ""
            last, end = name, place + 1
        elif not bare(line):
            if end == place and len(found) < 3:
                continue  # some programs put empty lines between the fields
            break
        elif last and place == end:
            found[last] = f"{found[last]} {bare(line)}"
            end = place + 1
        else:
            break
    return found | {"end": str(end)} if len(found) >= 3 else {}


def ruled_block(lines: Sequence[str], at: int) -> int:
    """How many lines are a ruled line with header fields under it; 0 for a mere line."""
    following = [n for n in range(at + 1, min(at + 6, len(lines))) if lines[n].strip()]
    if not following:
        return 0
    if block := header_block(lines, following[0]):
        return int(block["end"]) - at
    named = [n for n in following[:2] if any(rule.match(lines[n]) for rule in FIELD.values())]
    return named[1] + 1 - at if len(named) == 2 else 0
