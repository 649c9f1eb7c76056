"""Header fields repeated in a text above a quoted mail (Outlook, Lotus). Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from channels.email.dividers import bare

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
