"""What Asterisk asks by an event, and what is put into its variable."""

from __future__ import annotations

from typing import Any, cast

import pytest

from routing.calls.rules import Answer, Opening, Question
from telephony.asterisk import asking
from telephony.asterisk.ami import AmiLink, LinkDown
from telephony.contracts import Desk

EVENT = {
    "Event": "UserEvent",
    "UserEvent": "PultRoute",
    "Channel": "PJSIP/trunk-1",
    "Call": "pbx-1.1",
    "Caller": "+79161234567",
    "Did": "74950077",
    "Tried": "&101&102",
    "Round": "2",
}


class Told:
    """The PBX's end: a decision to give, actions that came."""

    def __init__(self, answer: Answer, *, gone: bool = False) -> None:
        self.answer, self.gone = answer, gone
        self.questions: list[Question] = []
        self.actions: list[dict[str, Any]] = []

    async def decide(self, question: Question, _opening: Opening) -> Answer:
        self.questions.append(question)
        return self.answer

    async def ask(self, action: dict[str, Any]) -> dict[str, str]:
        self.actions.append(action)
        if self.gone:
            raise LinkDown("there is no link to the PBX")
        return {}


async def asked(told: Told, **changed: str) -> None:
    await asking.answer(
        EVENT | changed, cast(Desk, told), lambda _did: Opening(), cast(AmiLink, told)
    )


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        (Answer(extensions=("103", "104")), "ext:103&104"),
        (Answer(queue="night"), "queue:night"),
        (Answer(busy=True), "busy"),
        (Answer(), "none"),
    ],
)
async def test_the_answer_is_set_on_the_channel_that_asks(answer: Answer, value: str) -> None:
    told = Told(answer)
    await asked(told)
    assert told.questions == [
        Question(key="pbx-1.1", caller="+79161234567", did="74950077", tried=("101", "102"))
    ]
    assert told.actions == [
        {
            "Action": "Setvar",
            "Channel": "PJSIP/trunk-1",
            "Variable": "PULT_ROUTE2",
            "Value": value,
        }
    ]


async def test_events_of_others_are_not_answered_and_a_lost_link_is_no_fault() -> None:
    told = Told(Answer(), gone=True)
    await asked(told, UserEvent="HubFallback")
    assert told.questions == []
    await asked(told, Round="2)},evil")
    assert told.actions[0]["Variable"] == "PULT_ROUTE2"
