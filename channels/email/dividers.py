"""Single lines as mail programs mark them: dividers of what is quoted or passed on. Pure.

Outlook, Samsung and Zimbra dash theirs; a mere rule may stand above a block of header fields.
"""

from __future__ import annotations

import re

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


def bare(line: str) -> str:
    """A line without quote marks and emphasis."""
    return line.strip().lstrip("> ").strip("*_ \u200b")
