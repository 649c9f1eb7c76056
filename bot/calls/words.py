"""Calls in words: lengths, states, who spoke, in one line each. Pure."""

from __future__ import annotations

from bot.screen import shorten
from bot.times import moment
from crm_core.calls.queries import CallView, LegView
from crm_core.clients.rules import display_phone
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.recordings.queries import RecordingView

NOBODY = N_("hidden number")
# Why a call of ours did not reach anybody.
UNREACHED = {
    "busy": N_("busy"),
    "declined": N_("declined"),
    "missed": N_("no answer"),
    "abandoned": N_("ended before an answer"),
    "offline": N_("out of reach"),
    "failed": N_("the network did not put it through"),
    "unknown": N_("how it ended is not known"),
}


def length(seconds: float) -> str:
    """`3:25`, `1:02:03`."""
    hours, rest = divmod(round(seconds), 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def number(call: CallView) -> str:
    return display_phone(call.number) if call.number else _(NOBODY)


def who(call: CallView) -> str:
    """The other side: the client's name, what the PBX says, the number."""
    return call.client or call.caller_name or number(call)


def phones(legs: tuple[LegView, ...]) -> str:
    """Whose phones they are, each once: `Anna, 104`."""
    return ", ".join(dict.fromkeys(leg.employee or leg.extension for leg in legs))


def rung(call: CallView) -> tuple[LegView, ...]:
    """Phones that ring (or rang) for the call; those that called themselves are left out."""
    return tuple(leg for leg in call.legs if leg.how != "caller")


def line(call: CallView, timezone: str) -> str:
    """The whole call in one line: `📞 today 14:05 · 3:25 · Anna`."""
    sign, said = outcome(call)
    parts = [moment(call.started_at, timezone), said, call.employee or ""]
    return shorten(f"{sign} " + " · ".join(filter(None, parts)), 120)


def outcome(call: CallView) -> tuple[str, str]:
    """Sign and words: how it went, or how it goes."""
    away = "↗️" if call.direction == "outbound" else "↘️"
    if call.state == "ringing":
        return "📞", _("rings")
    if call.state != "ended":
        return "📞", _("being spoken")
    if call.outcome == "answered":
        return away, length(call.talk_seconds)
    if call.direction == "inbound":
        return "🔴", _("missed")
    return away, _(UNREACHED.get(call.outcome or "", N_("no answer")))


def recording(found: RecordingView | None) -> str | None:
    """What there is to hear; None when nothing was to be expected."""
    if found is None:
        return None
    if found.state == "stored":
        return f"🎧 {_('Recording')} {length(found.seconds)}"
    if found.state == "pending":
        return f"🎧 {_('The recording is on its way')}"
    if found.state == "unavailable":
        return f"⚠️ {_('No recording: %(reason)s') % {'reason': _(found.reason or '—')}}"
    return f"🎧 {_('The recording was removed: its time was over')}"
