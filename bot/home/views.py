"""What the home message shows. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiogram.utils.formatting import Bold, Text

from bot.access.presses import AccessPress
from bot.catalogues.presses import CataloguesPress
from bot.channels.presses import ChannelPress
from bot.dialogs.cards import dot
from bot.dialogs.presses import DialogPress, origin
from bot.home.presses import HomePress, ListPress, To, Which
from bot.mailboxes.presses import MailboxesPress
from bot.quick.presses import RepliesPress
from bot.requests import cards as requests
from bot.requests.presses import RequestPress
from bot.screen import Button, Screen, button, lines, shorten
from bot.setup.presses import FieldsPress, StatusesPress
from bot.times import waiting
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.commands import Command
from crm_core.kernel.i18n import N_, ngettext
from crm_core.kernel.i18n import gettext as _
from crm_core.requests.queries import RequestView
from crm_core.requests.queue import Item
from crm_core.staff.queries import Colleague

PAGE = 7
PRESENCE: dict[To, tuple[str, str]] = {
    "on": ("🟢", N_("On shift")),
    "away": ("🟠", N_("Away")),
    "off": ("⚪", N_("Off shift")),
}
LISTS: dict[Which, tuple[str, str]] = {
    "new": ("📥", N_("New")),
    "mine": ("💬", N_("Mine")),
    "waiting": ("⏳", N_("Waiting for me")),
    "snoozed": ("💤", N_("Deferred")),
    "closed": ("⚪", N_("Closed")),
}
EMPTY: dict[Which, str] = {
    "new": N_("Nobody is waiting to be accepted."),
    "mine": N_("You have no open dialogs. New ones come here when you accept them."),
    "waiting": N_("Everybody has been answered."),
    "snoozed": N_("Nothing is put off."),
    "closed": N_("No closed dialogs yet."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Facts of the home message. `writing_to`: the client words without a reply go to."""

    me: Colleague
    counts: Mapping[str, int]
    writing_to: str | None = None


def presence_of(one: Colleague) -> tuple[str, str]:
    """Sign and title (a msgid) of somebody's presence."""
    return next(words for name, words in PRESENCE.items() if name == one.presence)


def to(label: str, room: To) -> Button:
    return button(label, HomePress(to=room))


def home(facts: Home) -> Screen:
    """Counts, presence, rooms."""
    sign, presence = presence_of(facts.me)
    counted = [_list_button(which, facts.counts) for which in ("new", "mine", "waiting")]
    clients = f"👤 {_('My clients')} {facts.counts['clients']}"
    writing = f"✍️ {_('You write to: %(name)s') % {'name': facts.writing_to}}"
    load = _("Dialogs: %(load)s of %(capacity)s") % {
        "load": facts.me.load,
        "capacity": facts.me.capacity,
    }
    hint = _("Come on shift to get new dialogs.") if facts.me.presence != "on" else None
    return Screen(
        lines(
            Bold(f"🏠 {facts.me.name}"),
            f"{sign} {_(presence)} · {load}",
            _put_off(facts.counts),
            hint,
            writing if facts.writing_to else None,
        ),
        [
            counted,
            [to(clients, "clients"), to(f"🔎 {_('Search')}", "search")],
            [
                to(f"📥 {_('Applications')} {facts.counts['requests']}", "requests"),
                to(f"➕ {_('Take in a request')}", "take"),
            ],
            [
                to(f"{mark} {_(title)}", name)
                for name, (mark, title) in PRESENCE.items()
                if name != facts.me.presence
            ],
            [
                *([to(f"🔇 {_('Stop writing')}", "silence")] if facts.writing_to else []),
                to(f"📊 {_('Reports')}", "reports"),
                to(f"⚙️ {_('Settings')}", "settings"),
            ],
        ],
    )


def _put_off(counts: Mapping[str, int]) -> str | None:
    count = counts["snoozed"]
    return f"💤 {_('Put off: %(count)s') % {'count': count}}" if count else None


def _list_button(which: Which, counts: Mapping[str, int]) -> Button:
    sign, title = LISTS[which]
    return button(f"{sign} {_(title)} {counts[which]}", ListPress(which=which))


def dialog_list(which: Which, page: int, found: Sequence[Item], total: int) -> Screen:
    """Seven dialogs (of the new ones: and requests): sign, name and how long each has waited."""
    sign, title = LISTS[which]
    count = ngettext("%(count)s dialog", "%(count)s dialogs", total) % {"count": total}
    if which == "new":
        count = ngettext("%(count)s waits", "%(count)s wait", total) % {"count": total}
    rows = [[_row(number, view, which, page)] for number, view in enumerate(found, 1)]
    turns = [
        button(label, ListPress(which=which, page=goal))
        for label, goal in (("‹", page - 1), ("›", page + 1))
        if goal >= 0 and goal * PAGE < total
    ]
    aside: Which = "snoozed" if which == "mine" else "mine"
    rest = [button(f"{LISTS[aside][0]} {_(LISTS[aside][1])}", ListPress(which=aside))]
    body = lines(Bold(f"{sign} {_(title)}"), count if total else _(EMPTY[which]))
    return Screen(body, [*rows, turns, [*rest, back()]])


def back() -> Button:
    return to(f"← {_('Home')}", "home")


def _row(number: int, view: Item, which: Which, page: int) -> Button:
    back, place = origin(which, page), page * PAGE + number
    if isinstance(view, RequestView):
        name, source = shorten(requests.who(view), 18), shorten(requests.said(view.source), 10)
        label = (
            f"{place}. {requests.dot(view)} 📥 {name} · {source} · {waiting(view.registered_at)}"
        )
        return button(label, RequestPress(do="card", id=view.id, back=back))
    fact = waiting(view.unanswered_since or view.last_at)
    label = f"{place}. {dot(view)} {view.client_name} · {view.channel_name} · {fact}"
    return button(label, DialogPress(do="card", id=view.id, back=back))


def settings(actor: Actor, me: Colleague) -> Screen:
    """Who I am, the language, and what one keeps ready."""
    role = _(ROLES[actor.role.value]) if actor.role else ""
    other: tuple[str, To] = ("🇬🇧 English", "en") if actor.language == "ru" else ("🇷🇺 Русский", "ru")
    return Screen(
        lines(
            Bold(f"⚙️ {_('Settings')}"),
            f"👤 {actor.name} · {role}",
            f"🕑 {_('Time zone: %(zone)s') % {'zone': actor.timezone}}",
            _("At most %(count)s dialogs at the same time") % {"count": me.capacity},
        ),
        [
            [
                button(f"⚡ {_('Quick replies')}", RepliesPress()),
                button(f"✉️ {_('Mailboxes')}", MailboxesPress()),
            ],
            [button(f"📡 {_('Channels')}", ChannelPress(do="list"))]
            if actor.may(Right.CHANNEL_WRITE)
            else [],
            [button(f"🔐 {_('Access to clients')}", AccessPress(do="list"))]
            if actor.may(Right.STAFF_WRITE)
            else [],
            [button(f"📚 {_('Catalogues')}", CataloguesPress())],
            _setup(actor),
            [to(*other)],
            [back()],
        ],
    )


def _setup(actor: Actor) -> list[Button]:
    """What the company's cards hold, for administrators."""
    if not actor.may(Right.SETUP):
        return []
    fields = button(f"📋 {_('Client fields')}", FieldsPress(do="list"))
    return [fields, button(f"🏷 {_('Statuses')}", StatusesPress(do="list"))]


ROLES = {
    "admin": N_("administrator"),
    "head": N_("head"),
    "manager": N_("manager"),
    "operator": N_("operator"),
}


def help_screen(found: Sequence[Command], menu: Mapping[str, str]) -> Screen:
    """Chat commands, then everything this role may do, from the command registry."""
    chat = [f"/{name} — {_(text)}" for name, text in menu.items()]
    titles = [f"• {_(one.title)}" for one in found]
    rules = _("Answer in the client's topic or as a reply; // at the start makes an inner note.")
    return Screen(
        lines(
            Bold(_("What I can do here")),
            *chat,
            Text(rules),
            Bold(_("You may:")),
            *titles,
        ),
        [[back()]],
    )
