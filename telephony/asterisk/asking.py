"""What Asterisk asks by an event, where it can't reach Pult: the answer goes into its variable.

The dialplan stays in charge: it waits two seconds and goes on by itself, so an answer that comes
late changes nothing.
"""

from __future__ import annotations

import structlog

from telephony.asterisk import hook
from telephony.asterisk.ami import AmiLink, LinkDown
from telephony.asterisk.parse import AmiEvent
from telephony.contracts import Desk, Question, Refusal

log = structlog.get_logger(__name__)

EVENT, NAME = "UserEvent", "PultRoute"
# Nobody to ring: the PBX goes on at once instead of waiting for the end of its patience.
NOTHING = "none"


def question_of(event: AmiEvent) -> Question | None:
    """The question of an event; None when it is somebody else's."""
    if event.get("UserEvent") != NAME or not event.get("Call") or not event.get("Channel"):
        return None
    return Question(
        key=event["Call"][:150],
        caller=event.get("Caller") or None,
        did=event.get("Did") or None,
        tried=hook.extensions(event.get("Tried", "")),
    )


async def answer(event: AmiEvent, desk: Desk, opening: hook.Openings, link: AmiLink) -> None:
    """Decide and tell; a caller who has gone meanwhile is no fault."""
    question = question_of(event)
    if question is None:
        return
    found = await desk.decide(question, opening(question.did))
    try:
        await link.ask(
            {
                "Action": "Setvar",
                "Channel": event["Channel"],
                "Variable": f"PULT_ROUTE{hook.digits(event.get('Round', ''))}",
                "Value": hook.render(found) or NOTHING,
            }
        )
    except (LinkDown, Refusal) as error:
        log.info("call_not_answered", call=question.key, reason=str(error))
