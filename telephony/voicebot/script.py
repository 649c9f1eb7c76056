"""The conversation as a pure state machine: what to say, what to expect, when it is over.

`begin` and `step` are called with the bot's language in force (`i18n.using`); nothing here knows
of sound, lines or time but what it is given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from crm_core.kernel.i18n import _
from telephony.voicebot import phrases
from telephony.voicebot.moments import moment_in
from telephony.voicebot.numbers import WORDS, digits
from telephony.voicebot.shapes import (
    Answer,
    Expect,
    Phrase,
    Setup,
    Slots,
    State,
    Step,
    Then,
    Turn,
)
from telephony.voicebot.understanding import (
    NO,
    PERSON,
    YES,
    is_yes,
    name_in,
    topic_of,
    wants_person,
)

MISSES = 2  # times a question is asked again before we go on without an answer
SKIPS = 2  # such questions before we let the caller go


Next = tuple[State, Turn]


def begin(setup: Setup) -> Next:
    state = State(slots=Slots(name=setup.known))
    greeting = phrases.greeting(setup.company, setup.reason)
    return state, _asking(setup, state, before=(*greeting,))


def step(setup: Setup, state: State, answer: Answer) -> Next:
    """The next turn after an answer."""
    if wants_person(answer.said, setup.language) or (
        answer.keys == "0" and state.step is not Step.NUMBER
    ):
        return _person(setup, state)
    slots = _TAKE[state.step](setup, state.slots, answer)
    if slots is None:
        return _missed(setup, state)
    return _go_on(setup, replace(state, slots=slots, misses=0))


def _person(setup: Setup, state: State) -> Next:
    if setup.person:
        return state, Turn((phrases.connecting(),), Then.MOVE)
    if state.step is Step.OFFER:
        state = replace(state, slots=replace(state.slots, agreed=True), misses=0)
        return _go_on(setup, state, before=(phrases.nobody(),))
    return _missed(setup, state, phrases.nobody())


def _missed(setup: Setup, state: State, why: Phrase | None = None) -> Next:
    """Ask again; after some times leave this question be."""
    if state.misses < MISSES:
        state = replace(state, misses=state.misses + 1)
        return state, _asking(setup, state, before=(why or phrases.again(),))
    if state.step is Step.OFFER:
        return state, Turn((phrases.unheard(),), Then.FINISH)
    state = replace(state, misses=0, skipped=state.skipped + 1)
    if state.step is Step.CONFIRM or state.skipped >= SKIPS:
        return state, Turn((phrases.accepted(),), Then.FINISH)
    return _go_on(setup, state)


def _go_on(setup: Setup, state: State, before: tuple[Phrase, ...] = ()) -> Next:
    slots = state.slots
    if state.step is Step.OFFER and slots.agreed is False:
        return state, Turn((phrases.refused(),), Then.FINISH)
    if state.step is Step.CONFIRM:
        if slots.confirmed or state.corrected:
            return state, Turn((phrases.accepted(),), Then.FINISH)
        state = State(Step.OFFER, Slots(agreed=True), corrected=True)
        before = (phrases.once_more(),)
    state = replace(state, step=_following(setup, state))
    return state, _asking(setup, state, before)


def _following(setup: Setup, state: State) -> Step:
    order = list(Step)
    for one in order[order.index(state.step) + 1 :]:
        if one is Step.NAME and (state.slots.name or setup.deaf):
            continue
        if one is Step.TOPIC and setup.deaf:
            continue
        if one is Step.SAME and not setup.number:
            continue
        if one is Step.NUMBER and state.slots.number:
            continue
        return one
    return Step.CONFIRM


def _asking(setup: Setup, state: State, before: tuple[Phrase, ...] = ()) -> Turn:
    language = setup.language
    choice = (*YES[language], *NO[language], *PERSON[language])
    if state.step is Step.CONFIRM:
        summary = phrases.summary(state.slots, setup.now)
        return Turn((*before, *summary, phrases.question(Step.CONFIRM)), expect=Expect(choice))
    ask = (*before, phrases.question(state.step))
    if state.step in (Step.OFFER, Step.SAME):
        return Turn(ask, expect=Expect(choice))
    if state.step is Step.NUMBER:
        return Turn(ask, expect=Expect((*WORDS[language], *PERSON[language]), keys=15))
    return Turn(ask)


Taken = Slots | None  # None: not understood
Take = Callable[[Setup, Slots, Answer], Taken]


def _choice(setup: Setup, answer: Answer) -> bool | None:
    if answer.keys:
        return {"1": True, "2": False}.get(answer.keys)
    return is_yes(answer.said, setup.language) if answer.said else None


def _offer(setup: Setup, slots: Slots, answer: Answer) -> Taken:
    agreed = _choice(setup, answer)
    return None if agreed is None else replace(slots, agreed=agreed)


def _name(setup: Setup, slots: Slots, answer: Answer) -> Taken:
    name = name_in(answer.said, setup.language)
    return replace(slots, name=name) if name else None


def _topic(setup: Setup, slots: Slots, answer: Answer) -> Taken:
    if answer.keys.isdecimal() and 0 < int(answer.keys) <= len(setup.topics):
        return replace(slots, topic=setup.topics[int(answer.keys) - 1].title)
    if not answer.said:
        return None
    return replace(slots, topic=topic_of(answer.said, setup.topics), words=answer.said)


def _same(setup: Setup, slots: Slots, answer: Answer) -> Taken:
    same = _choice(setup, answer)
    return None if same is None else replace(slots, number=setup.number if same else "")


def _number(setup: Setup, slots: Slots, answer: Answer) -> Taken:
    number = "".join(filter(str.isdecimal, answer.keys)) or digits(answer.said)
    return replace(slots, number=number) if 5 <= len(number) <= 15 else None


def _when(setup: Setup, slots: Slots, answer: Answer) -> Taken:
    if answer.keys:
        said = {"1": _("now"), "2": _("tomorrow morning"), "3": _("tomorrow evening")}
        return _when(setup, slots, Answer(said.get(answer.keys, "")))
    moment = moment_in(answer.said, setup.now)
    return None if moment is None else replace(slots, when=moment)


def _confirm(setup: Setup, slots: Slots, answer: Answer) -> Taken:
    right = _choice(setup, answer)
    return None if right is None else replace(slots, confirmed=right)


_TAKE: dict[Step, Take] = {
    Step.OFFER: _offer,
    Step.NAME: _name,
    Step.TOPIC: _topic,
    Step.SAME: _same,
    Step.NUMBER: _number,
    Step.WHEN: _when,
    Step.CONFIRM: _confirm,
}
