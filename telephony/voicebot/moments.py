"""When a caller wants to be called back, from their words. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from telephony.voicebot.numbers import groups
from telephony.voicebot.understanding import _any, words_of

_DAYS = {"сегодня": 0, "today": 0, "завтра": 1, "tomorrow": 1, "послезавтра": 2}
_HOURS = {
    "утром": 10, "morning": 10, "днём": 14, "днем": 14, "afternoon": 14,
    "вечером": 18, "evening": 18,
}  # fmt: skip
_NOW = {"сейчас", "скорее", "немедленно", "now", "soon", "immediately"}
_PAST_NOON = {"вечера", "дня", "вечером", "днём", "днем", "pm", "evening", "afternoon"}


def moment_in(text: str, now: datetime) -> datetime | None:
    """When one is to be called back; `now` is the company's local time. None: not said.

    "завтра утром", "в пять вечера", "сегодня в десять", "сейчас".
    """
    words = words_of(text)
    if _any(words, _NOW):
        return now
    day = next((_DAYS[word] for word in words if word in _DAYS), None)
    hour = _hour(words)
    if day is None and hour is None:
        return None
    asked = now.replace(hour=10 if hour is None else hour, minute=0, second=0, microsecond=0)
    asked += timedelta(days=day or 0)
    if asked > now:
        return asked
    # "Today" at an hour that has passed, or just "today": as soon as possible.
    return now if day == 0 else asked + timedelta(days=1)


def _hour(words: list[str]) -> int | None:
    said = [int(word) for word in words if word.isdecimal()] or groups(words)
    hour = next((number for number in said if 0 < number < 24), None)
    if hour is None:
        return next((_HOURS[word] for word in words if word in _HOURS), None)
    return hour + 12 if hour < 12 and _any(words, _PAST_NOON) else hour
