"""What a caller means, from words or keys (pure): yes, no, a person, a name, a topic."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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
