"""A client's card and the list of one's clients. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.utils.formatting import Bold, ExpandableBlockQuote, Text

from bot import trail
from bot.calls.numbers import call_buttons
from bot.clients import likely, opening
from bot.clients.facts import Facts, message_of
from bot.clients.presses import ClientPress, ClientsPress, TimelinePress
from bot.dialogs.cards import dot
from bot.dialogs.presses import DialogPress
from bot.dialogs.words import SIGNS, summary
from bot.home.presses import HomePress
from bot.home.views import back as home_button
from bot.screen import Button, Rows, Screen, button, lines, shorten
from bot.times import moment, waiting
from crm_core.clients.queries import ClientCard, ContactView, Found, IdentityView
from crm_core.clients.rules import display_phone
from crm_core.dialogs.queries import DialogView
from crm_core.kernel.actors import Right
from crm_core.kernel.i18n import gettext as _
from crm_core.kernel.i18n import ngettext

PAGE = 7
KINDS = {"person": "👤", "company": "🏢"}
CONTACTS = {"phone": "📞", "email": "✉️"}
WORST = ("🔴", "🟠", "🟢", "⚪")
# Lines of the twelve a card may have.
MOST_WAYS, MOST_DIALOGS, LINE = 4, 2, 90


def name_of(card: ClientCard) -> str:
    return f"{KINDS.get(card.kind, '👤')} {card.name}"


def card(facts: Facts) -> Screen:
    """Who it is, how to reach them, what is going on, the last words."""
    one = facts.card
    manager = _("Manager: %(name)s") % {"name": one.manager_name} if one.manager_id else None
    body = lines(
        Bold(f"{KINDS.get(one.kind, '👤')} {state(facts)} {one.name}"),
        manager or _("Nobody looks after this client yet."),
        *_first(ways(one), MOST_WAYS - bool(facts.twins)),
        *_first([_dialog(view) for view in facts.dialogs], MOST_DIALOGS),
        likely.line(facts.twins),
        _counts(one),
        _note(one),
        _last(facts),
    )
    return Screen(body, _rows(facts))


def state(facts: Facts) -> str:
    """The worst of the open dialogs; ⚪ when there is none."""
    return min((dot(view) for view in facts.dialogs), key=WORST.index, default="⚪")


def ways(card: ClientCard) -> list[str]:
    """Every contact and channel, one line each."""
    return [contact_line(one) for one in card.contacts] + [
        identity_line(one, card.name) for one in card.identities
    ]


def contact_line(one: ContactView) -> str:
    return f"{CONTACTS.get(one.kind, '📇')} {one.shown}"


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
    call = call_buttons(one, viewer, facts.back)
    openings = opening.rows(one.id, facts.openings, trail.client(one.id, facts.back))
    if not viewer.may(Right.CLIENT_WRITE):
        return [[timeline, *_write(facts)], [*call, contacts], [trail.back(facts.back)]]
    merge = [do(f"🔗 {_('Merge')}", "merge")] if viewer.may(Right.CLIENT_MERGE) else []
    return [
        [timeline, *_write(facts), do(f"🔒 {_('Note')}", "note")],
        *openings,
        # Whom one can call one does not often rename: that is among the contacts then.
        [*(call or [do(f"✏️ {_('Rename')}", "rename")]), contacts],
        [do(f"👤 {_('Manager')}", "manager"), *merge],
        likely.compare_button(facts.twins, facts.back),
        [trail.back(facts.back)],
    ]


def _write(facts: Facts) -> list[Button]:
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


def my_clients(found: Sequence[Found], page: int, total: int, timezone: str) -> Screen:
    """Seven clients, the latest first."""
    count = ngettext("%(count)s client", "%(count)s clients", total) % {"count": total}
    hint = _("Write a name, a phone or an address to search.") if total else None
    empty = _("You look after nobody yet: whoever's dialog you accept first becomes your client.")
    back = trail.clients_page(page)
    rows = [
        [found_row(page * PAGE + number, one, moment(one.touched_at, timezone), back)]
        for number, one in enumerate(found, 1)
    ]
    turns = [
        button(label, ClientsPress(page=goal))
        for label, goal in (("‹", page - 1), ("›", page + 1))
        if goal >= 0 and goal * PAGE < total
    ]
    search = button(f"🔎 {_('Search')}", HomePress(to="search"))
    body = lines(Bold(f"👤 {_('My clients')}"), count if total else empty, hint)
    return Screen(body, [*rows, turns, [search, home_button()]])


def found_row(number: int, one: Found, fact: str, back: str) -> Button:
    """`3. 👤 Anna Petrova · today 14:05`."""
    press = ClientPress(do="card", id=one.id, back=back)
    return button(found_label(number, one, fact), press)


def found_label(number: int, one: Found, fact: str = "") -> str:
    """Without a fact it is what tells a client from others: a contact, else the manager."""
    contact = display_phone(one.contact) if one.contact else one.manager_name
    name = shorten(one.name, 22)
    parts = [f"{number}. {KINDS.get(one.kind, '👤')} {name}", fact or contact]
    return " · ".join(filter(None, parts))
