"""The shapes of a conversation: what was asked, told and expected (frozen, no behaviour)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from telephony.voicebot.incoming import Reason
from telephony.voicebot.understanding import Topic


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something to say. `fixed` ones are always the same: a recording may take their place, under
    the name `key`."""

    key: str
    text: str
    fixed: bool = True


class Step(StrEnum):
    """The question that was asked last."""

    OFFER = "offer"
    NAME = "name"
    TOPIC = "topic"
    SAME = "same"  # call back the number you call from?
    NUMBER = "number"
    WHEN = "when"
    CONFIRM = "confirm"


class Then(StrEnum):
    LISTEN = "listen"
    FINISH = "finish"
    MOVE = "move"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What the bot knows before it speaks. `person` is where people answer ("" when nobody
    does), `known` the caller's name if the number is a client's, `now` the company's time. A
    `deaf` bot understands keys only: it does not ask what can't be answered by them."""

    language: str
    company: str
    now: datetime
    reason: Reason = Reason.ANY
    person: str = ""
    number: str = ""
    known: str = ""
    topics: tuple[Topic, ...] = ()
    deaf: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """What the caller has told. `agreed` is None until he said whether he wants a call back."""

    agreed: bool | None = None
    name: str = ""
    topic: str = ""
    words: str = ""
    number: str = ""
    when: datetime | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class State:
    step: Step = Step.OFFER
    slots: Slots = field(default_factory=Slots)
    misses: int = 0
    skipped: int = 0
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Expect:
    """`words` narrows what is listened for; a row of keys ends at `keys` of them, or with #."""

    words: tuple[str, ...] = ()
    keys: int = 1


@dataclass(frozen=True, slots=True)
class Turn:
    say: tuple[Phrase, ...]
    then: Then = Then.LISTEN
    expect: Expect = field(default_factory=Expect)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came: words, or keys, or nothing at all."""

    said: str = ""
    keys: str = ""
