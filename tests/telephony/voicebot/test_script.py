"""The conversation as a state machine: what is asked, what is taken, when it is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from crm_core.kernel import i18n
from telephony.voicebot import script
from telephony.voicebot.incoming import Reason
from telephony.voicebot.shapes import Answer, Setup, Slots, State, Step, Then, Turn
from telephony.voicebot.understanding import Topic

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)  # a Friday evening
SETUP = Setup(
    language="ru",
    company="Ромашка",
    now=NOW,
    reason=Reason.CLOSED,
    person="700",
    number="+79161234567",
    topics=(Topic("Доставка", ("курьер", "доставка", "заказ")), Topic("Оплата", ("счёт",))),
)


def talk(*answers: Answer | str, setup: Setup = SETUP) -> tuple[State, Turn]:
    with i18n.using(setup.language):
        state, turn = script.begin(setup)
        for answer in answers:
            said = Answer(answer) if isinstance(answer, str) else answer
            assert turn.then is Then.LISTEN
            state, turn = script.step(setup, state, said)
    return state, turn


def keys(text: str) -> Answer:
    return Answer(keys=text)


def asked(turn: Turn) -> str:
    return turn.say[-1].key


def test_greeting_says_why_and_what_can_be_done() -> None:
    _, turn = talk()
    assert [phrase.key for phrase in turn.say] == ["greeting", "why_closed", "ask_offer"]
    assert turn.say[0].text == "Здравствуйте! Вы позвонили в компанию Ромашка."


def test_a_whole_conversation() -> None:
    state, turn = talk("да", "меня зовут иван", "где мой заказ", "да", "завтра утром", "да")
    assert turn.then is Then.FINISH
    assert state.slots == Slots(
        agreed=True,
        name="Иван",
        topic="Доставка",
        words="где мой заказ",
        number="+79161234567",
        when=datetime(2026, 11, 21, 10, 0, tzinfo=UTC),
        confirmed=True,
    )


def test_what_was_understood_is_said_back() -> None:
    _, turn = talk("да", "иван", "где мой заказ", "да", "завтра утром")
    said = [phrase.text for phrase in turn.say]
    assert said[:4] == [
        "Иван.",
        "Доставка.",
        "Номер: 7 9 1 6 1 2 3 4 5 6 7.",
        "Перезвоним завтра в 10 часов.",
    ]
    assert not any(phrase.fixed for phrase in turn.say[:4])


def test_another_number_said_or_pressed() -> None:
    _state, turn = talk("да", "иван", "заказ", "нет")
    assert asked(turn) == "ask_number"
    assert turn.expect.keys == 15
    said, _ = talk("да", "иван", "заказ", "нет", "девятьсот шестнадцать ноль ноль семь")
    assert said.slots.number == "916007"
    pressed, _ = talk("да", "иван", "заказ", "нет", keys("4951234567#"))
    assert pressed.slots.number == "4951234567"
    short, turn = talk("да", "иван", "заказ", "нет", "семь")
    assert (short.slots.number, asked(turn)) == ("", "ask_number")


def test_without_a_number_of_the_caller_it_is_asked_for() -> None:
    _, turn = talk("да", "иван", "заказ", setup=replace(SETUP, number=""))
    assert asked(turn) == "ask_number"


def test_a_known_client_is_not_asked_for_the_name() -> None:
    state, turn = talk("да", setup=replace(SETUP, known="Иван Петров"))
    assert asked(turn) == "ask_topic"
    assert state.slots.name == "Иван Петров"


def test_keys_do_all_that_words_do() -> None:
    setup = replace(SETUP, deaf=True)
    state, turn = talk(keys("1"), keys("1"), keys("2"), keys("1"), setup=setup)
    assert turn.then is Then.FINISH
    assert state.slots.when == datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
    assert state.slots.confirmed


def test_no_is_the_end() -> None:
    for no in ("нет", "нет не надо", keys("2")):
        state, turn = talk(no)
        assert (turn.then, state.slots.agreed) == (Then.FINISH, False)


@pytest.mark.parametrize("at", range(5))
def test_a_person_on_demand_at_any_moment(at: int) -> None:
    before = ["да", "иван", "заказ", "да", "завтра"][:at]
    for demand in ("соедините с оператором", keys("0")):
        _, turn = talk(*before, demand)
        assert turn.then is Then.MOVE
    _, turn = talk(*before, "оператор", setup=replace(SETUP, person=""))
    assert turn.then is Then.LISTEN
    assert turn.say[0].key == "nobody"


def test_silence_at_the_start_ends_kindly() -> None:
    _, turn = talk("", "", "")
    assert turn.then is Then.FINISH
    assert turn.say[0].key == "unheard"


def test_a_question_nobody_answers_is_left_be() -> None:
    _, turn = talk("да", "", "", "")
    assert asked(turn) == "ask_topic"
    state, turn = talk("да", "", "", "", "", "", "")
    assert (turn.then, state.slots.agreed) == (Then.FINISH, True)


def test_what_is_wrong_is_asked_again_once() -> None:
    wrong = ("да", "иван", "заказ", "да", "завтра", "нет")
    state, turn = talk(*wrong)
    assert (turn.say[0].key, asked(turn)) == ("once_more", "ask_name")
    assert state.slots == Slots(agreed=True)
    state, turn = talk(*wrong, "пётр", "счёт", "да", "сегодня", "нет")
    assert turn.then is Then.FINISH
    assert (state.slots.name, state.slots.confirmed) == ("Пётр", False)


ANSWERS = st.one_of(
    st.builds(Answer, said=st.text(max_size=30)),
    st.builds(
        Answer, said=st.sampled_from(["да", "нет", "завтра", "семь пять", "оператор", "иван"])
    ),
    st.builds(Answer, keys=st.text("0123456789*#", min_size=1, max_size=15)),
)


@settings(max_examples=60, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(st.lists(ANSWERS, min_size=60, max_size=60), st.booleans(), st.sampled_from(["ru", "en"]))
def test_every_conversation_ends(answers: list[Answer], alone: bool, language: str) -> None:
    """Whatever is said: it comes to an end, and nothing it was not told is written down."""
    setup = replace(SETUP, language=language, person="" if alone else "700")
    with i18n.using(language):
        state, turn = script.begin(setup)
        for answer in answers:
            if turn.then is not Then.LISTEN:
                break
            assert turn.say
            state, turn = script.step(setup, state, answer)
    assert turn.then is not Then.LISTEN
    assert state.slots.number in ("", setup.number) or state.slots.number.isdecimal()
    assert state.step in Step
