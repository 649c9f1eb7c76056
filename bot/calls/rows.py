"""Buttons under a call: what one does about it now, by state and rights. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import trail
from bot.calls.presses import CallPress, Do, ResultPress
from bot.screen import Button, Rows, button
from crm_core.calls.results import TITLES
from crm_core.kernel.actors import Right
from crm_core.kernel.i18n import gettext as _

if TYPE_CHECKING:
    from bot.calls.facts import Facts

RESULTS = (("agreed", "👍"), ("call_back", "🔁"), ("refused", "👎"))


def rows_of(facts: Facts) -> Rows:
    """At most eight buttons, the most likely first."""
    state = facts.state
    if state == "ringing":
        first = _ringing(facts)
    elif state != "ended":
        first = _talking(facts)
    else:
        first = _ended(facts)
    back = [trail.back(facts.back)] if facts.back else []
    return [*first, _about(facts), back]


def _do(facts: Facts, do: Do, label: str) -> Button:
    return button(label, CallPress(do=do, id=facts.call.id, back=facts.back))


def _ringing(facts: Facts) -> list[list[Button]]:
    if facts.call.direction != "inbound":
        return [[_do(facts, "hangup", f"☎️ {_('Hang up')}")]] if facts.works else []
    first = [] if facts.rings else [_do(facts, "take", f"✋ {_('Take')}")]
    return [[*first, *_owner(facts)]]


def _owner(facts: Facts) -> list[Button]:
    """To whoever looks after the client, by one press."""
    manager = facts.manager
    if manager is None or manager.id == facts.viewer.id or not facts.works:
        return []
    if facts.call.employee_id == manager.id:
        return []
    label = _("To: %(name)s") % {"name": manager.name}
    return [_do(facts, "owner", f"➡️ {label}")]


def _talking(facts: Facts) -> list[list[Button]]:
    ears = facts.viewer.may(Right.CALL_LISTEN) and not facts.talks
    listen = [_do(facts, "listen", f"👂 {_('Listen in')}")] if ears else []
    if not facts.works:
        return [listen]
    hang_up = _do(facts, "hangup", f"☎️ {_('Hang up')}")
    first = [*_owner(facts), _do(facts, "whom", f"🔀 {_('Transfer')}")]
    if not facts.talks:
        return [first, [hang_up, *listen]]
    hold = _do(facts, "hold", f"⏸ {_('Hold')}")
    if facts.call.state == "held":
        hold = _do(facts, "resume", f"▶️ {_('Back to the talk')}")
    return [first, [hold, hang_up]]


def _ended(facts: Facts) -> list[list[Button]]:
    if facts.call.outcome == "answered":
        told = facts.result is not None and bool(facts.result.result)
        changed = [_result(facts, "", f"↩️ {_('Change the result')}")]
        if told:
            return [[*_sound(facts), *_again(facts, _("Call again"))], changed]
        return [_results(facts), _sound(facts)]
    later = _do(facts, "later", f"⏰ {_('Remind me')}")
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
        return [_do(facts, "play", f"🎧 {_('Play')}")]
    if found.state == "unavailable":
        return [_do(facts, "find", f"🔎 {_('Look for it again')}")]
    return []


def _again(facts: Facts, label: str) -> list[Button]:
    if not facts.call.number or not facts.viewer.may(Right.CALL_WORK):
        return []
    return [_do(facts, "again", f"📞 {label}")]


def _about(facts: Facts) -> list[Button]:
    """Who it is, and what is written down about it."""
    note = _do(facts, "note", f"🔒 {_('Note')}")
    request = _do(facts, "request", f"📥 {_('Request')}")
    if facts.client is not None:
        return [_do(facts, "client", f"👤 {_('Client')}"), note, request]
    if not facts.call.number:
        return [note, request]
    new = _do(facts, "new", f"➕ {_('New client')}")
    spam = (
        _do(facts, "unspam", f"✅ {_('Let through')}")
        if facts.blocked
        else _do(facts, "spam", f"🚫 {_('Spam')}")
    )
    return [new, request, spam]
