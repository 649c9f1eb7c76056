"""What an admin sees of channel accounts. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from aiogram.utils.formatting import Bold, Text

from bot.channels.presses import ChannelPress
from bot.home.presses import HomePress
from bot.mailboxes.presses import MailboxPress
from bot.screen import Screen, button, lines
from bot.times import moment
from crm_core.accounts.health import Health
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

SIGNS = {"on": "🟢", "off": "⚪", "broken": "🔴"}
STATES = {"on": N_("works"), "off": N_("off"), "broken": N_("does not work")}


def channels(found: Sequence[Health]) -> Screen:
    """All accounts, a button each."""
    rows = [
        [button(f"{SIGNS[one.state]} {one.name}", ChannelPress(do="show", id=one.id))]
        for one in found
    ]
    broken = sum(one.state == "broken" for one in found)
    line = _("Everything works.")
    if broken:
        line = _("Out of order: %(count)s. Open it to see what to do.") % {"count": broken}
    if not found:
        line = _("Nothing is connected yet: pult channel add KIND --name …")
    settings = button(f"← {_('Back')}", HomePress(to="settings"))
    return Screen(lines(Bold(f"📡 {_('Channels')}"), line), [*rows, [settings]])


def channel(one: Health, timezone: str) -> Screen:
    """One account: state, signs of life, what to do, the switch."""
    switch = (
        button(f"⚪ {_('Switch off')}", ChannelPress(do="off", id=one.id))
        if one.active
        else button(f"🟢 {_('Switch on')}", ChannelPress(do="on", id=one.id))
    )
    body = lines(
        Bold(f"📡 {one.name}"),
        f"{SIGNS[one.state]} {_(STATES[one.state])}",
        _("Last in: %(when)s") % {"when": _when(one.last_in_at, timezone)},
        _("Last out: %(when)s") % {"when": _when(one.last_out_at, timezone)},
        _("Answers that wait: %(count)s") % {"count": one.waiting} if one.waiting else None,
        _("Not understood: %(count)s (pult replay)") % {"count": one.failed}
        if one.failed
        else None,
        "",
        one.advice(),
    )
    back = button(f"← {_('Back')}", ChannelPress(do="list"))
    return Screen(body, [[switch], [back]])


def _when(at: datetime | None, timezone: str) -> str:
    return moment(at, timezone) if at else _("never")


def notice(one: Health, viewer: Actor) -> Screen:
    """A line for admins (and a mailbox's owner) when an account breaks, or works again."""
    press: ChannelPress | MailboxPress = ChannelPress(do="show", id=one.id)
    if not viewer.may(Right.CHANNEL_WRITE):
        press = MailboxPress(do="show", id=one.id)
    where = [[button(f"📡 {_('Open')}", press)]]
    if one.state == "broken":
        title = _("🔴 The channel “%(name)s” does not work") % {"name": one.name}
        return Screen(lines(Bold(title), one.advice()), where)
    title = _("🟢 The channel “%(name)s” works again") % {"name": one.name}
    return Screen(Text(title), where)
