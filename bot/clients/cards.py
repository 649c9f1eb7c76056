"""A client's card and its row in lists. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.utils.formatting import Bold, ExpandableBlockQuote, Text

from bot import trail
from bot.calls.numbers import call_buttons
from bot.clients import likely, more, opening
from bot.clients.facts import Facts, message_of
from bot.clients.presses import ClientPress, TimelinePress
from bot.dialogs.cards import dot
from bot.dialogs.presses import DialogPress
from bot.dialogs.words import SIGNS, summary
from bot.people.entry import people_button, shows_people
from bot.portrait import words
from bot.portrait.presses import PortraitPress
from bot.screen import Button, Rows, Screen, button, lines, shorten
from bot.times import moment, waiting
from crm_core.clients.queries import ClientCard, ContactView, Found, IdentityView
from crm_core.clients.rules import display_phone
from crm_core.dialogs.queries import DialogView
from crm_core.kernel.actors import Right
from crm_core.kernel.i18n import N_, ngettext
from crm_core.kernel.i18n import gettext as _

PAGE = 7
KINDS = {"person": "👤", "company": "🏢"}
CONTACTS = {"phone": "📞", "email": "✉️", "telegram": "💬", "vk": "💬", "viber": "💬"}
MESSENGERS = {"telegram": "Telegram", "vk": "VK", "viber": "Viber"}
LABELS = {"main": N_("main"), "work": N_("work"), "mobile": N_("mobile"), "home": N_("home")}
WORST = ("🔴", "🟠", "🟢", "⚪")
# Lines of the twelve a card may have.
MOST_WAYS, MOST_DIALOGS, LINE = 4, 2, 90


def name_of(card: ClientCard) -> str:
    return f"{KINDS.get(card.kind, '👤')} {card.name}"


def card(facts: Facts) -> Screen:
    """Who it is, how to reach them, what is going on, the last words."""
    one = facts.card
    manager = _("Manager: %(name)s") % {"name": one.manager_name} if one.manager_id else None
    standing = words.standing(facts.portrait)
    body = lines(
        Bold(f"{KINDS.get(one.kind, '👤')} {state(facts)} {one.name}"),
        shorten(standing, LINE),
        manager or _("Nobody looks after this client yet."),
        *(near := [*_belongs(one), *_requests(facts)]),
        *_first(ways(one), MOST_WAYS - len(near) - bool(standing) - bool(facts.twins)),
        *_first([_dialog(view) for view in facts.dialogs], MOST_DIALOGS),
        likely.line(facts.twins),
        _counts(one),
        _note(one),
        _last(facts),
    )
    return Screen(body, _rows(facts))


def _belongs(one: ClientCard) -> list[str]:
    """`🏢 Linden · Buyer (+1)`, or of a company `👥 3 contact persons · ⭐ Olga Kim`."""
    if one.companies:
        return [shorten(company_line(one), LINE)]
    if not one.people:
        return []
    count = ngettext("%(count)s contact person", "%(count)s contact persons", one.people)
    main = f" · ⭐ {one.main_person}" if one.main_person else ""
    return [shorten(f"👥 {count % {'count': one.people}}{main}", LINE)]


def company_line(one: ClientCard) -> str:
    """The company of a contact person, their position, and how many companies more there are."""
    first, *others = one.companies
    position = f" · {first.position}" if first.position else ""
    return f"🏢 {first.name}{position}" + (f" (+{len(others)})" if others else "")


def _requests(facts: Facts) -> list[str]:
    """Open requests: the first, and how many more."""
    if not facts.requests:
        return []
    first, *others = facts.requests
    what = _(first.subject) if first.subject else _(first.source)
    who = first.responsible_name or _("waits to be accepted")
    more = f" (+{len(others)})" if others else ""
    return [shorten(f"📥 {what} · {who}", LINE - 5) + more]


def state(facts: Facts) -> str:
    """The worst of the open dialogs; ⚪ when there is none."""
    return min((dot(view) for view in facts.dialogs), key=WORST.index, default="⚪")


def ways(card: ClientCard) -> list[str]:
    """Every contact and channel, one line each."""
    return [contact_line(one) for one in card.contacts] + [
        identity_line(one, card.name) for one in card.identities
    ]


def contact_line(one: ContactView) -> str:
    """`📞 +7 912 345-67-89 · work ⭐`."""
    name = f"{MESSENGERS[one.kind]} " if one.kind in MESSENGERS else ""
    label = f" · {_(LABELS[one.label])}" if one.label in LABELS else ""
    star = " ⭐" if one.preferred else ""
    return f"{CONTACTS.get(one.kind, '📇')} {name}{one.shown}{label}{star}"


def identity_line(one: IdentityView, client: str) -> str:
    """`💬 Shop: @anna`; says when the client can't be written to there."""
    name = f"@{one.username}" if one.username else one.name
    known = "" if name == client else f": {name}"
    away = "" if one.reachable else f" ⚠️ {_('no longer reachable here')}"
    return f"💬 {one.channel_name}{known}{away}"


def _first(found: Sequence[str], most: int) -> list[str]:
    """At most so many lines; the last one counts what is left out."""
    if len(found) <= most:
        return [shorten(line, LINE) for line in found]
    rest = len(found) - most + 1
    more = ngettext("… and %(count)s more", "… and %(count)s more", rest) % {"count": rest}
    return [*(shorten(line, LINE) for line in found[: most - 1]), more]


def _dialog(view: DialogView) -> str:
    """`💬 🟠 Website · Irina · 12 min`."""
    sign = {"waiting": "📥", "snoozed": "💤"}.get(view.state, "💬")
    who = view.assignee_name or view.offered_to_name or _("waits to be accepted")
    since = waiting(view.unanswered_since) if view.unanswered_since else _("answered")
    return f"{sign} {dot(view)} {view.channel_name} · {who} · {since}"


def _counts(one: ClientCard) -> str:
    """How much there is to read."""
    parts = [
        ngettext("%(count)s message", "%(count)s messages", one.counts["messages"]),
        ngettext("%(count)s file", "%(count)s files", one.counts["files"]),
        ngettext("%(count)s note on the card", "%(count)s notes on the card", one.counts["notes"]),
    ]
    numbers = (one.counts["messages"], one.counts["files"], one.counts["notes"])
    told = [part % {"count": count} for part, count in zip(parts, numbers, strict=True) if count]
    return "📜 " + (" · ".join(told) or _("Nothing has been written yet."))


def _note(one: ClientCard) -> str | None:
    return shorten(f"🔒 {one.notes[0].text}", LINE) if one.notes else None


def _last(facts: Facts) -> Text | None:
    if facts.last is None:
        return None
    message = message_of(facts.last)
    words = summary(message, 400)
    when = f"{SIGNS[message.direction]} {moment(message.at, facts.viewer.timezone)}"
    return lines(when, ExpandableBlockQuote(words) if words else None)


def _rows(facts: Facts) -> Rows:
    one, viewer = facts.card, facts.viewer

    def do(label: str, what: str) -> Button:
        press = ClientPress.model_validate({"do": what, "id": one.id, "back": facts.back})
        return button(label, press)

    timeline = button(f"📜 {_('Timeline')}", TimelinePress(id=one.id, back=facts.back))
    contacts = do(f"📇 {_('Contacts')}", "contacts")
    portrait = button(f"📋 {_('Portrait')}", PortraitPress(do="show", id=one.id, back=facts.back))
    call = call_buttons(one, viewer, facts.back)
    openings = opening.rows(one.id, facts.openings, trail.client(one.id, facts.back))
    people = [people_button(one, facts.back)] if shows_people(one) else []
    # A card has eight buttons: what is most likely wanted of these has a place on it.
    near = likely.compare_button(facts.twins, facts.back) or people
    if not viewer.may(Right.CLIENT_WRITE):
        return [
            [timeline, *write_buttons(facts)],
            [portrait, *call, contacts],
            [*near, *more.entry(facts), trail.back(facts.back)],
        ]
    note = [] if near else [do(f"🔒 {_('Note')}", "note")]
    return [
        [timeline, *write_buttons(facts), *note],
        *openings,
        [portrait, *call, contacts],
        [*near, *more.entry(facts), trail.back(facts.back)],
    ]


def write_buttons(facts: Facts) -> list[Button]:
    """Straight to the only open dialog; to a choice when there are several."""
    label, client_id = f"💬 {_('Dialog')}", facts.card.id
    if len(facts.dialogs) > 1:
        return [button(label, ClientPress(do="write", id=client_id, back=facts.back))]
    return [button(label, dialog_press(view, facts)) for view in facts.dialogs]


def dialog_press(view: DialogView, facts: Facts) -> DialogPress:
    back = trail.client(facts.card.id, facts.back)
    return DialogPress(do="card", id=view.id, back=back)


def dialogs(facts: Facts) -> Screen:
    """Which of several open dialogs."""
    rows = [[button(_dialog(view), dialog_press(view, facts))] for view in facts.dialogs[:PAGE]]
    body = lines(Bold(name_of(facts.card)), _("Where do you want to write?"))
    return Screen(body, [*rows, [to_card(facts.card.id, facts.back)]])


def to_card(client_id: int, back: str) -> Button:
    """The last button of every screen under a card."""
    return button(f"← {_('Back')}", ClientPress(do="card", id=client_id, back=back))


def done(said: str, client_id: int, back: str, rows: Rows = ()) -> Screen:
    """The outcome of a form, at the end of the chat: the card is one press away."""
    opens = ClientPress(do="card", id=client_id, back=back)
    return Screen(lines(said), [*rows, [button(f"👤 {_('Open the card')}", opens)]])


def found_row(number: int, one: Found, fact: str, back: str) -> Button:
    """`3. 👤 Anna Petrova · today 14:05`."""
    press = ClientPress(do="card", id=one.id, back=back)
    return button(found_label(number, one, fact), press)


def found_label(number: int, one: Found, fact: str = "") -> str:
    """Without a fact it is what tells a client from others: a contact, else the manager."""
    contact = display_phone(one.contact) if one.contact else one.manager_name
    name = shorten(one.name, 16 if one.company else 22)
    company = f"🏢 {shorten(one.company, 14)}" if one.company else None
    parts = [f"{number}. {KINDS.get(one.kind, '👤')} {name}", company, fact or contact]
    return " · ".join(filter(None, parts))
