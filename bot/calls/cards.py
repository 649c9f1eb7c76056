"""A call's card: while it rings, while one speaks, and as the record it leaves. Pure."""

from __future__ import annotations

from aiogram.utils.formatting import Bold, ExpandableBlockQuote, Text

from bot.calls import words
from bot.calls.facts import Facts
from bot.calls.rows import rows_of
from bot.clients.cards import KINDS, company_line
from bot.clients.facts import message_of
from bot.dialogs.cards import dot
from bot.dialogs.words import SIGNS, summary
from bot.home.views import presence_of
from bot.screen import Screen, lines, shorten
from bot.times import moment, waiting
from crm_core.calls.results import TITLES
from crm_core.clients.rules import display_phone
from crm_core.kernel import clock
from crm_core.kernel.i18n import gettext as _

LINE = 110
MOST_DIALOGS = 2


def card(facts: Facts) -> Screen:
    """At most twelve lines, at most eight buttons."""
    if _elsewhere(facts):
        return Screen(lines(Bold(_title(facts)), _number(facts), _state(facts)))
    body = lines(
        Bold(_title(facts)),
        _number(facts),
        _manager(facts),
        _state(facts),
        *_dialogs(facts),
        *_requests(facts),
        _before(facts),
        words.recording(facts.recording) if facts.hears else None,
        _result(facts),
        _last(facts),
    )
    return Screen(body, rows_of(facts))


def _elsewhere(facts: Facts) -> bool:
    """It rang here, too, and a colleague has taken it: nothing is left to be done."""
    call, viewer = facts.call, facts.viewer
    owner = facts.manager is not None and facts.manager.id == viewer.id
    answered = call.answered_at is not None and not facts.talks
    spoke = any(leg.answered_at for leg in call.legs if leg.employee_id == viewer.id)
    return answered and not (spoke or owner or facts.rings_now or facts.back)


def _title(facts: Facts) -> str:
    call = facts.call
    sign = KINDS.get(facts.client.card.kind, "👤") if facts.client else "👤"
    name = f"{sign} {words.who(call)}" if facts.name else words.who(call)
    if facts.state == "ringing":
        said = _("Calling") if call.direction == "inbound" else _("We are calling")
        return shorten(f"📞 🟠 {said}: {name}", LINE)
    if call.state != "ended":
        said = _("On hold") if call.state == "held" else _("Talk")
        return shorten(f"📞 🟢 {said}: {name}", LINE)
    if facts.missed:
        return shorten(f"📞 🔴 {_('Missed call')}: {name}", LINE)
    said = _("Call to") if call.direction == "outbound" else _("Call from")
    return shorten(f"📞 ⚪ {said}: {name}", LINE)


def _number(facts: Facts) -> str:
    call = facts.call
    called = _("to %(number)s") % {"number": display_phone(call.did)} if call.did else ""
    queue = _("queue %(name)s") % {"name": call.queue} if call.queue else ""
    shown = [words.number(call)] if facts.name else []
    if facts.client and facts.client.card.companies:
        shown.append(company_line(facts.client.card))
    if call.client and call.caller_name and call.caller_name != call.client:
        shown.append(f"«{call.caller_name}»")  # the contact person, as their own line calls them
    return shorten(" · ".join(filter(None, (*shown, called, queue))), LINE)


def _manager(facts: Facts) -> str:
    if facts.client is None:
        spam = f" {_('Blocked.')}" if facts.blocked else ""
        return _("This number is on nobody's card.") + spam
    if facts.manager is None:
        return _("Nobody looks after this client yet.")
    sign, presence = presence_of(facts.manager)
    name = _("Manager: %(name)s") % {"name": facts.manager.name}
    return f"{name} {sign} {_(presence).lower()}"


def _state(facts: Facts) -> str:
    call, zone = facts.call, facts.viewer.timezone
    if facts.state == "ringing":
        return _("Rings at: %(names)s") % {"names": words.phones(words.rung(call)) or "—"}
    if call.state != "ended":
        since = moment(call.answered_at or call.started_at, zone)
        return f"✓ {_('Speaks')}: {call.employee or words.phones(call.legs)} · {since}"
    if call.outcome == "answered":
        waited = _("waited %(time)s") % {"time": words.length(call.wait_seconds)}
        parts = [
            moment(call.started_at, zone),
            f"{_('talk')} {words.length(call.talk_seconds)}",
            waited if call.direction == "inbound" else "",
            call.employee or words.phones(call.legs),
        ]
        return " · ".join(filter(None, parts))
    waited = _("waited %(time)s") % {"time": words.length(call.wait_seconds)}
    rang = words.phones(words.rung(call))
    if call.direction == "inbound":
        at = _("rang at: %(names)s") % {"names": rang} if rang else ""
        return " · ".join(filter(None, (moment(call.started_at, zone), waited, at)))
    return f"{moment(call.started_at, zone)} · {words.outcome(call)[1]}"


def _dialogs(facts: Facts) -> list[str]:
    if facts.client is None:
        return []
    found = [
        f"💬 {dot(view)} {view.channel_name} · {view.assignee_name or _('waits to be accepted')}"
        f" · {waiting(view.unanswered_since) if view.unanswered_since else _('answered')}"
        for view in facts.client.dialogs
    ]
    return [shorten(one, LINE) for one in found[:MOST_DIALOGS]]


def _requests(facts: Facts) -> list[str]:
    if not facts.requests:
        return []
    first, *others = facts.requests
    more = f" (+{len(others)})" if others else ""
    who = first.responsible_name or _("waits to be accepted")
    return [shorten(f"📥 {first.subject or first.source} · {who}", LINE - 5) + more]


def _before(facts: Facts) -> str | None:
    if facts.before is None:
        return None
    return f"{_('Before')}: {words.line(facts.before, facts.viewer.timezone)}"


def _result(facts: Facts) -> str | None:
    found = facts.result
    if found is None:
        return None
    title = _(TITLES.get(found.result, ""))
    if found.back_at is not None:
        due = found.back_at <= clock.now()
        at = moment(found.back_at, facts.viewer.timezone)
        title = f"⏰ {_('It is time to call back')}" if due else f"⏰ {title}: {at}"
    elif title:
        title = f"✔️ {title}"
    note = f"🔒 {found.note}" if found.note else ""
    return shorten(" · ".join(filter(None, (title, note))), LINE * 2) or None


def _last(facts: Facts) -> Text | None:
    last = facts.client.last if facts.client else None
    if last is None:
        return None
    message = message_of(last)
    said = summary(message, 300)
    when = f"{SIGNS[message.direction]} {moment(message.at, facts.viewer.timezone)}"
    return lines(when, ExpandableBlockQuote(said) if said else None)
