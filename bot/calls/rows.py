"""Buttons under a call by its state, first of all while it lasts. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import trail
from bot.calls.endedrows import ended_rows, press
from bot.screen import Button, Rows
from crm_core.kernel.actors import Right
from crm_core.kernel.i18n import gettext as _

if TYPE_CHECKING:
    from bot.calls.facts import Facts


def rows_of(facts: Facts) -> Rows:
    """At most eight buttons, the most likely first."""
    state = facts.state
    if state == "ringing":
        first = _ringing(facts)
    elif state != "ended":
        first = _talking(facts)
    else:
        first = ended_rows(facts)
    back = [trail.back(facts.back)] if facts.back else []
    return [*first, _about(facts), back]


def _ringing(facts: Facts) -> list[list[Button]]:
    if facts.call.direction != "inbound":
        return [[press(facts, "hangup", f"☎️ {_('Hang up')}")]] if facts.works else []
    first = [] if facts.rings else [press(facts, "take", f"✋ {_('Take')}")]
    return [[*first, *_owner(facts)]]


def _owner(facts: Facts) -> list[Button]:
    """To whoever looks after the client, by one press."""
    manager = facts.manager
    if manager is None or manager.id == facts.viewer.id or not facts.works:
        return []
    if facts.call.employee_id == manager.id:
        return []
    label = _("To: %(name)s") % {"name": manager.name}
    return [press(facts, "owner", f"➡️ {label}")]


def _talking(facts: Facts) -> list[list[Button]]:
    ears = facts.viewer.may(Right.CALL_LISTEN) and not facts.talks
    listen = [press(facts, "listen", f"👂 {_('Listen in')}")] if ears else []
    if not facts.works:
        return [listen]
    hang_up = press(facts, "hangup", f"☎️ {_('Hang up')}")
    first = [*_owner(facts), press(facts, "whom", f"🔀 {_('Transfer')}")]
    if not facts.talks:
        return [first, [hang_up, *listen]]
    hold = press(facts, "hold", f"⏸ {_('Hold')}")
    if facts.call.state == "held":
        hold = press(facts, "resume", f"▶️ {_('Back to the talk')}")
    return [first, [hold, hang_up]]


def _about(facts: Facts) -> list[Button]:
    """Who it is, and what is written down about it."""
    note = press(facts, "note", f"🔒 {_('Note')}")
    request = press(facts, "request", f"📥 {_('Request')}")
    if facts.client is not None:
        return [press(facts, "client", f"👤 {_('Client')}"), note, request]
    if not facts.call.number:
        return [note, request]
    new = press(facts, "new", f"➕ {_('New client')}")
    spam = (
        press(facts, "unspam", f"✅ {_('Let through')}")
        if facts.blocked
        else press(facts, "spam", f"🚫 {_('Spam')}")
    )
    return [new, request, spam]
