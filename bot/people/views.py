"""What people see of contact persons: both lists, a person in a company, positions. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from aiogram.utils.formatting import Bold
from babel.dates import format_date

from bot import trail
from bot.calls.numbers import call_buttons
from bot.clients import opening
from bot.clients.cards import name_of, to_card, ways, write_buttons
from bot.clients.facts import Facts
from bot.clients.presses import ClientPress
from bot.people.entry import shows_people
from bot.people.presses import Do, PeoplePress, PersonPress, RequisitesPress, Side
from bot.screen import Button, Rows, Screen, button, lines, shorten
from crm_core.clients.links import Member
from crm_core.clients.queries import ClientCard
from crm_core.clients.rules import display_phone
from crm_core.kernel import i18n
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.i18n import gettext as _
from crm_core.kernel.i18n import ngettext

PAGE, LINE, WAYS = 6, 90, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """A card and the other sides of its links. `page` of them is shown."""

    card: ClientCard
    members: Sequence[Member]
    viewer: Actor
    page: int = 0
    back: str = ""

    @property
    def side(self) -> Side:
        return "c" if self.card.kind == "company" else "p"


def line(one: Member) -> str:
    """`⭐ Olga Kim · Buyer · +7 912 345-67-89`."""
    contact = display_phone(one.contact) if one.contact else ""
    name = f"⭐ {one.name}" if one.is_main else one.name
    return " · ".join(filter(None, (name, one.position, contact)))


def around(facts: Around) -> Screen:
    """People of a company, or companies of a person."""
    card, total = facts.card, len(facts.members)
    shown = facts.members[facts.page * PAGE : (facts.page + 1) * PAGE]
    if facts.side == "c":
        count = ngettext("%(count)s contact person", "%(count)s contact persons", total)
        empty = _("No contact persons yet: add who is spoken with in this company.")
    else:
        count = ngettext("%(count)s company", "%(count)s companies", total)
        empty = _("Contact person of no company yet.")
    body = lines(
        Bold(f"👥 {name_of(card)}"),
        count % {"count": total} if total else empty,
        *(shorten(line(one), LINE) for one in shown),
    )
    rows = [[_member(one, facts)] for one in shown]
    return Screen(body, [*rows, _turns(facts), *_below(facts), [_up(facts)]])


def _up(facts: Around) -> Button:
    """To where the button to this list stands: on the card, else under *More*."""
    if shows_people(facts.card):
        return to_card(facts.card.id, facts.back)
    above = ClientPress(do="more", id=facts.card.id, back=facts.back)
    return button(f"← {_('Back')}", above)


def _member(one: Member, facts: Around) -> Button:
    company = facts.side == "c"
    sign = "👤" if company else "🏢"
    star = "⭐ " if one.is_main else ""
    of, who = (facts.card.id, one.id) if company else (one.id, facts.card.id)
    press = PersonPress(do="one", of=of, id=who, side=facts.side, back=facts.back)
    return button(f"{star}{sign} {shorten(one.name, 30)}", press)


def _turns(facts: Around) -> list[Button]:
    return [
        button(label, PeoplePress(do="list", id=facts.card.id, page=goal, back=facts.back))
        for label, goal in (("‹", facts.page - 1), ("›", facts.page + 1))
        if goal >= 0 and goal * PAGE < len(facts.members)
    ]


def _below(facts: Around) -> Rows:
    card, back = facts.card, facts.back
    requisites = button(f"🧾 {_('Requisites')}", RequisitesPress(id=card.id, back=back))
    if not facts.viewer.may(Right.CLIENT_WRITE):
        return [[requisites]]
    company = facts.side == "c"
    title = _("Add a person") if company else _("Add a company")
    add = button(f"➕ {title}", PeoplePress(do="add", id=card.id, back=back))
    other = _("This is a person") if company else _("This is a company")
    kind = button(f"🔁 {other}", PeoplePress(do="kind", id=card.id, back=back))
    return [[add, requisites], [] if facts.members else [kind]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A contact person in a company; `person` is their card, `member` the link as it stands."""

    company: ClientCard
    person: Facts
    member: Member
    side: Side
    back: str

    @property
    def trail(self) -> str:
        """The way back here from whatever is opened: the list it was opened from."""
        card = self.company.id if self.side == "c" else self.person.card.id
        return trail.people(card, self.back)


def place(facts: Place) -> Screen:
    """Who they are there, how to reach them, and what can be changed."""
    one, card = facts.member, facts.person.card
    main = _("Main contact of the company") if one.is_main else None
    since = _("since %(day)s") % {"day": _day(one.since)} if one.since else None
    body = lines(
        Bold(f"👤 {card.name} · 🏢 {facts.company.name}"),
        " · ".join(filter(None, (one.position or _("No position yet"), since))),
        f"⭐ {main}" if main else None,
        *(shorten(way, LINE) for way in ways(card)[:WAYS]),
    )
    return Screen(body, [*_reach(facts), *_change(facts), _back(facts)])


def _day(day: object) -> str:
    return format_date(day, "d MMM y", locale=i18n.current())  # type: ignore[arg-type] # a date


def _reach(facts: Place) -> Rows:
    """Call, write, and both cards."""
    card, back = facts.person.card, facts.trail
    cards = [
        button(f"👤 {_('Card')}", ClientPress(do="card", id=card.id, back=back)),
        button(f"🏢 {_('Company')}", ClientPress(do="card", id=facts.company.id, back=back)),
    ]
    write = [write_buttons(facts.person)]
    if not facts.person.dialogs:
        write = opening.rows(card.id, facts.person.openings[:1], back)
    return [[*call_buttons(card, facts.person.viewer, back), *cards], *write]


def _change(facts: Place) -> Rows:
    if not facts.person.viewer.may(Right.CLIENT_WRITE):
        return []
    main: Do = "less" if facts.member.is_main else "main"
    title = _("Not the main one") if facts.member.is_main else _("Make main")
    return [
        [do(facts, f"⭐ {title}", main), do(facts, f"✏️ {_('Position')}", "pos")],
        [do(facts, f"✖️ {_('Take off')}", "drop")],
    ]


def do(facts: Place, label: str, what: Do, at: str = "") -> Button:
    ids = {"of": facts.company.id, "id": facts.person.card.id}
    return button(label, PersonPress(do=what, **ids, side=facts.side, at=at, back=facts.back))


def _back(facts: Place) -> list[Button]:
    card = facts.company.id if facts.side == "c" else facts.person.card.id
    return [button(f"← {_('Back')}", PeoplePress(do="list", id=card, back=facts.back))]


def mark(position: str) -> str:
    """What a button carries of a position: enough to tell it from the others offered."""
    return f"{zlib.crc32(position.encode()) & 0xFFFF:x}"


def positions(facts: Place, offered: Sequence[str]) -> Screen:
    """Which position: what the house uses, or one's own words."""
    rows = [
        [do(facts, one, "set", mark(one)) for one in offered[at : at + 2]]
        for at in range(0, len(offered), 2)
    ]
    now = facts.member.position or "—"
    body = lines(
        Bold(f"👤 {facts.person.card.name} · 🏢 {facts.company.name}"),
        _("Position: %(position)s") % {"position": now},
        _("What do they do in the company?"),
    )
    own = do(facts, f"✏️ {_('Other')}", "own")
    return Screen(body, [*rows, [own], [do(facts, f"← {_('Back')}", "one")]])


def dropped(facts: Place) -> Screen:
    """Taken off, and the way to put them back."""
    body = lines(
        Bold(f"👤 {facts.person.card.name} · 🏢 {facts.company.name}"),
        _("No longer a contact person of the company."),
    )
    return Screen(body, [[do(facts, f"↩️ {_('Put it back')}", "undo")], _back(facts)])
