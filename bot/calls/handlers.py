"""What handles what in calls: buttons, forms, `/call`, `/calls`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiogram import F, Router
from aiogram.filters import Command

# The commands this slice runs are registered by being imported.
import crm_core.calls.commands
import crm_core.calls.results
import crm_core.recordings.commands
import crm_core.requests.commands  # noqa: F401
from bot.calls import after, control, dialing, finding, lists, stats
from bot.calls.presses import (
    AskerPress,
    CallPress,
    CallsPress,
    LaterPress,
    PhonePress,
    ResultPress,
    StatsPress,
    ToPress,
)
from bot.calls.show import Redraws
from bot.forms import form


def router() -> Router:
    router = Router(name="calls")
    pressed = router.callback_query.register
    calls = Router(name="call")
    calls.callback_query.middleware(Redraws())
    router.include_router(calls)
    actions: dict[str, Callable[..., Any]] = {
        "card": control.card,
        "owner": control.owner,
        "take": control.take,
        "hangup": control.hangup,
        "hold": control.hold,
        "resume": control.hold,
        "whom": control.whom,
        "listen": control.listen,
        "note": after.note,
        "new": after.new,
        "named": after.named,
        "request": after.request,
        "spam": after.spam,
        "unspam": after.spam,
        "client": after.client,
        "again": dialing.again,
        "play": after.play,
        "find": after.find,
        "later": after.later,
    }
    for do, action in actions.items():
        calls.callback_query.register(action, CallPress.filter(F.do == do))
    calls.callback_query.register(control.give, ToPress.filter())
    calls.callback_query.register(after.result, ResultPress.filter())
    calls.callback_query.register(after.plan, LaterPress.filter())
    pressed(dialing.phone, PhonePress.filter())
    pressed(dialing.asker, AskerPress.filter())
    pressed(lists.page, CallsPress.filter())
    pressed(stats.screen, StatsPress.filter())
    answered = router.message.register
    answered(finding.command, Command("call"))
    answered(lists.command, Command("calls"))
    answered(finding.answered, form(finding.FORM), F.text)
    answered(after.noted, form(after.NOTE), F.text)
    answered(after.created, form(after.NEW), F.text)
    answered(after.requested, form(after.REQUEST), F.text)
    answered(after.planned, form(after.LATER), F.text)
    return router
