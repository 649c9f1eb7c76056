"""What the intake wizard shows: the question, who it may be, what is known, the draft. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.utils.formatting import Bold

from bot.clients.cards import found_label, ways
from bot.forms import cancel
from bot.home.views import presence_of
from bot.requests.cards import said, who
from bot.requests.drafts import WAYS, Draft
from bot.requests.presses import RequestPress, Step, TakePress
from bot.screen import Button, Screen, button, lines, shorten
from bot.times import moment, waiting
from crm_core.clients.rules import display_phone
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.requests.knowing import Everything, Known
from crm_core.staff.queries import Colleague

SIGNS = {"name": "👤", "phone": "📞", "email": "✉️", "username": "💬", "company": "🏢", "inn": "🧾"}
LINE, MOST = 110, 8
LACKS = {"name": N_("name"), "phone": N_("phone or mail")}
ASKS = {
    "name": N_("What is the person called?"),
    "phone": N_("Which phone number or mail address?"),
}


def step(label: str, do: Step, to: int = 0) -> Button:
    return button(label, TakePress(do=do, to=to))


def question() -> Screen:
    """The first step."""
    return Screen(
        lines(
            Bold(f"➕ {_('A new application')}"),
            _("Who is it? Write a phone, a name, a mail address, an INN or @name,"),
            _("share a contact, send a vCard or forward a message."),
        ),
        [cancel()],
    )


def told(draft: Draft) -> list[str]:
    """What has been captured, one line."""
    parts = [
        f"{sign} {display_phone(draft.person[name]) if name == 'phone' else draft.person[name]}"
        for name, sign in SIGNS.items()
        if draft.person.get(name)
    ]
    return [shorten(" · ".join(parts), LINE)] if parts else []


def choice(draft: Draft, known: Known, timezone: str) -> Screen:
    """Who it may be; the second step."""
    rows = [
        [step(found_label(number, one, moment(one.touched_at, timezone)), "client", one.id)]
        for number, one in enumerate(known.clients, 1)
    ]
    rows += [
        [button(f"📥 {who(one)} · {said(one.source)}", RequestPress(do="card", id=one.id))]
        for one in known.requests
    ]
    hint = _("These may be the one:") if rows else _("Nobody like that is known yet.")
    body = lines(Bold(f"➕ {_('A new application')}"), *told(draft), hint)
    last = [step(f"✖️ {_('Throw away')}", "drop")]
    return Screen(body, [*rows, [step(f"➕ {_('Somebody new')}", "new")], last])


def known_of(found: Everything, timezone: str) -> list[str]:
    """The client: contacts, manager, what is open, the last words."""
    card = found.card
    manager = _("Manager: %(name)s") % {"name": card.manager_name} if card.manager_name else None
    dialogs = [
        f"💬 {one.channel_name} · {one.assignee_name or _('waits to be accepted')}"
        for one in card.dialogs[:2]
    ]
    requests = [
        " · ".join(filter(None, (f"📥 {said(one.source)}", said(one.subject), age)))
        for one in found.requests[:2]
        for age in (waiting(one.registered_at),)
    ]
    last = ""
    if found.last_at:
        last = f"🕑 {moment(found.last_at, timezone)}: {found.last_text}"
    told = [manager, *ways(card)[:3], *dialogs, *requests, last]
    return [shorten(one, LINE) for one in told if one]


def about(title: str, known: list[str]) -> Screen:
    """The third step: what is it about; above it what is known of the client."""
    return Screen(
        lines(Bold(title), *known, _("What is it about? Write it in a line or two.")),
        [[step(f"⏭ {_('Without words')}", "skip")], cancel()],
    )


def draft_screen(draft: Draft, client: str) -> Screen:
    """The last step: what becomes of it. Nothing has been saved before."""
    way = _(WAYS[draft.way])
    lack = [_(LACKS[one]) for one in draft.lacking]
    body = lines(
        Bold(f"➕ {client or _('A new application')}"),
        *told(draft),
        f"📝 {shorten(draft.text, 300)}" if draft.text else None,
        _("Came by: %(way)s") % {"way": way},
        f"⚠️ {_('Not known yet: %(fields)s') % {'fields': ', '.join(lack)}}" if lack else None,
        _("Nothing is saved yet."),
    )
    fill = [step(f"✏️ {_(LACKS[one])}", "fill", number) for number, one in enumerate(draft.lacking)]
    return Screen(
        body,
        [
            [step(f"✅ {_('I take it')}", "mine"), step(f"➡️ {_('Hand over')}", "give")],
            [step(f"👤 {_('Take as client')}", "make"), step(f"📥 {_('To the queue')}", "queue")],
            [*fill[:1], step(f"🔁 {way}", "way")],
            [step(f"✖️ {_('Throw away')}", "drop")],
        ],
    )


def fill(lacking: str, *, skips: bool) -> Screen:
    """One question after what is not known yet."""
    rows = [[step(f"⏭ {_('Not known')}", "skip")]] if skips else []
    return Screen(lines(_(ASKS[lacking])), [*rows, cancel()])


def colleagues(found: Sequence[Colleague]) -> Screen:
    """To whom it is handed over."""
    rows = [
        [step(f"{presence_of(one)[0]} {one.name} · {one.load}/{one.capacity}", "person", one.id)]
        for one in found[:MOST]
    ]
    body = lines(
        Bold(f"➡️ {_('A new application')}"), _("To whom do you hand the application over?")
    )
    return Screen(body, [*rows, [step(f"← {_('Back')}", "skip")]])
