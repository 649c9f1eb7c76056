"""What a caller means, from words or keys (pure): yes, no, a person, a name, a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from telephony.voicebot.numbers import groups

YES = {
    "ru": ("да", "ага", "верно", "правильно", "конечно", "хорошо", "хочу", "давайте", "согласен"),
    "en": ("yes", "yeah", "right", "correct", "sure", "okay", "please"),
}
NO = {
    "ru": ("нет", "не", "неверно", "неправильно", "отмена", "никак"),
    "en": ("no", "not", "wrong", "cancel", "nope"),
}
PERSON = {
    "ru": ("оператор", "оператором", "оператора", "соедините", "позовите", "человек", "менеджер"),
    "en": ("operator", "agent", "human", "person", "manager", "connect"),
}
_BEFORE_NAME = {
    "ru": ("меня", "зовут", "это", "я", "здравствуйте", "алло", "моё", "имя"),
    "en": ("my", "name", "is", "this", "i", "am", "it's", "hello", "i'm"),
}
_DAYS = {"сегодня": 0, "today": 0, "завтра": 1, "tomorrow": 1, "послезавтра": 2}
_HOURS = {
    "утром": 10, "morning": 10, "днём": 14, "днем": 14, "afternoon": 14,
    "вечером": 18, "evening": 18,
}  # fmt: skip
_NOW = {"сейчас", "скорее", "немедленно", "now", "soon", "immediately"}
_PAST_NOON = {"вечера", "дня", "вечером", "днём", "днем", "pm", "evening", "afternoon"}


def words_of(text: str) -> list[str]:
    return text.lower().replace(",", " ").replace(".", " ").split()


def _any(words: Iterable[str], *known: Iterable[str]) -> bool:
    return not set(words).isdisjoint(word for one in known for word in one)


def is_yes(text: str, language: str) -> bool | None:
    """None when it is neither (or both)."""
    words = words_of(text)
    yes, no = _any(words, YES[language]), _any(words, NO[language])
    return None if yes == no and not (yes and words[0] in NO[language]) else not no


def wants_person(text: str, language: str) -> bool:
    return _any(words_of(text), PERSON[language])


def name_in(text: str, language: str) -> str:
    """The name in "меня зовут иван петров"."""
    words = words_of(text)
    while words and words[0] in _BEFORE_NAME[language]:
        del words[0]
    return " ".join(word.capitalize() for word in words[:4])


@dataclass(frozen=True, slots=True)
class Topic:
    """Something people call about: its title, and words by which it is known."""

    title: str
    words: tuple[str, ...]


def topic_of(text: str, topics: Iterable[Topic]) -> str:
    """The title of the topic that most words of the phrase belong to; "" for none."""
    said = words_of(text)
    best = max(
        ((sum(word in topic.words for word in said), topic.title) for topic in topics),
        default=(0, ""),
        key=lambda one: one[0],
    )
    return best[1] if best[0] else ""


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
