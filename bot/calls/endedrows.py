"""Buttons under a call that is over: its result, its sound, calling again. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.calls.presses import CallPress, Do, ResultPress
from bot.screen import Button, button
from crm_core.calls.results import TITLES
from crm_core.kernel.actors import Right
from crm_core.kernel.i18n import gettext as _

if TYPE_CHECKING:
    from bot.calls.facts import Facts

RESULTS = (("agreed", "👍"), ("call_back", "🔁"), ("refused", "👎"))


def press(facts: Facts, do: Do, label: str) -> Button:
    return button(label, CallPress(do=do, id=facts.call.id, back=facts.back))


def ended_rows(facts: Facts) -> list[list[Button]]:
    if facts.call.outcome == "answered":
        told = facts.result is not None and bool(facts.result.result)
        changed = [_result(facts, "", f"↩️ {_('Change the result')}")]
        if told:
            return [[*_sound(facts), *_again(facts, _("Call again"))], changed]
        *two, last = _results(facts)  # three of them in one row are cut in half on a phone
        return [two, [last, *_sound(facts)]]
    later = press(facts, "later", f"⏰ {_('Remind me')}")
    return [[*_again(facts, _("Call back")), later]]


def _results(facts: Facts) -> list[Button]:
    return [_result(facts, name, f"{sign} {_(TITLES[name])}") for name, sign in RESULTS]


def _result(facts: Facts, name: str, label: str) -> Button:
    return button(label, ResultPress(id=facts.call.id, result=name, back=facts.back))


def _sound(facts: Facts) -> list[Button]:
    found = facts.recording
    if found is None or not facts.hears:
        return []
    if found.state == "stored":
        return [press(facts, "play", f"🎧 {_('Play')}")]
    if found.state == "unavailable":
        return [press(facts, "find", f"🔎 {_('Look for it again')}")]
    return []


def _again(facts: Facts, label: str) -> list[Button]:
    if not facts.call.number or not facts.viewer.may(Right.CALL_WORK):
        return []
    return [press(facts, "again", f"📞 {label}")]
