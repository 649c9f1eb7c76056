"""An invitation in a few words. Pure."""

from __future__ import annotations

import re
from datetime import datetime

FIELD = re.compile(
    r"^(SUMMARY|DTSTART|DTEND|LOCATION|DESCRIPTION)(?:;[^:\n]*)?:(.*)$", re.MULTILINE
)
STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2}))?")


def summary(ics: str) -> str:
    """Title, time and place of the first event, a line each; times as the calendar writes them."""
    unfolded = re.sub(r"\r?\n[ \t]", "", ics).replace("\r", "")
    _head, _begin, event = unfolded.partition("BEGIN:VEVENT")
    fields: dict[str, str] = {}
    for match in FIELD.finditer(event):
        fields.setdefault(match[1], match[2].strip())
    lines = [
        fields.get("SUMMARY", ""),
        _when(fields.get("DTSTART", ""), fields.get("DTEND", "")),
        fields.get("LOCATION", ""),
        fields.get("DESCRIPTION", ""),
    ]
    return "\n".join(_plain(line) for line in lines if line)


def _when(start: str, end: str) -> str:
    times = [_moment(one) for one in (start, end)]
    return " – ".join(one for one in times if one)


def _moment(stamp: str) -> str:
    match = STAMP.match(stamp)
    if match is None:
        return ""
    year, month, day, hour, minute = (int(one or 0) for one in match.groups())
    try:
        moment = datetime(year, month, day, hour, minute)  # noqa: DTZ001 - shown as it stands
    except ValueError:
        return stamp
    zone = " UTC" if stamp.endswith("Z") else ""
    return f"{moment:%d.%m.%Y %H:%M}{zone}" if match[4] else f"{moment:%d.%m.%Y}"


def _plain(text: str) -> str:
    return re.sub(r"\\([,;\\])", r"\1", text.replace("\\n", "\n").replace("\\N", "\n"))
