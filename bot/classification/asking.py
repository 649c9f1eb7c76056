"""The channel a client came by, and its exact source, asked as its kind wants it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.utils.formatting import Bold

from bot.catalogues.lists import path, sides
from bot.classification.presses import (
    AS_WRITTEN,
    NO_SOURCE,
    ChannelPress,
    ClassPress,
    InterestPress,
    SourcePress,
)
from bot.classification.views import PAGE, interest_line
from bot.clients.cards import found_label, name_of
from bot.forms import cancel
from bot.screen import Screen, button, lines, shorten
from crm_core.catalogues.access import Catalogue
from crm_core.catalogues.shapes import Impact, Item
from crm_core.classification.queries import InterestView
from crm_core.clients.queries import ClientCard, Found
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

ASKS = {
    Impact.ONLINE: N_("Which site or campaign?"),
    Impact.OUTDOOR: N_("Where did they see it: which place or address?"),
    Impact.EXHIBITION: N_("Which exhibition?"),
    Impact.RECOMMENDATION: N_("Who recommended us? Write a name or a phone: I'll look for them."),
    Impact.SEARCH: N_("What did they look for, and where?"),
    Impact.COLD_CALL: N_("Who called them, and from which list?"),
    Impact.MAILING: N_("Which mailing?"),
    Impact.OTHER: N_("How exactly did they hear of us?"),
}


def offered(found: Catalogue) -> list[Item]:
    """Channels one may choose."""
    return [one for one in found.tree.walk() if not one.group and found.tree.stands(one.id)]


def channels(
    card: ClientCard, found: Catalogue, now: InterestView | None, near: InterestPress, timezone: str
) -> Screen:
    """Every channel of advertising, seven a page."""
    there = offered(found)
    rows = [
        [
            button(
                f"{'✓ ' if now and now.item_id == one.id else ''}{path(found, one)}",
                ChannelPress(id=card.id, item=one.id, back=near.back),
            )
        ]
        for one in there[near.page * PAGE : (near.page + 1) * PAGE]
    ]
    turns = [
        button(label, InterestPress(id=card.id, page=goal, back=near.back))
        for label, goal in sides(near.page, len(there))
    ]
    body = lines(
        Bold(f"🎯 {name_of(card)}"),
        interest_line(now, timezone) if now else None,
        _("By which channel of advertising did they first come to us?"),
    )
    back = button(f"← {_('Back')}", ClassPress(id=card.id, back=near.back))
    return Screen(body, [*rows, turns, [back]])


def source(card: ClientCard, one: Item, back: str) -> Screen:
    """The question, as the channel's kind wants it."""
    question = ASKS[Impact(one.impact) if one.impact else Impact.OTHER]
    unknown = SourcePress(id=card.id, item=one.id, who=NO_SOURCE, back=back)
    body = lines(Bold(f"🎯 {name_of(card)} · {_(one.title)}"), _(question))
    return Screen(body, [[button(f"⏭ {_('Not known')}", unknown)], cancel()])


def recommenders(card: ClientCard, found: Sequence[Found], text: str, near: ChannelPress) -> Screen:
    """Which of those found recommended us; perhaps none of them."""

    def press(who: int) -> SourcePress:
        return SourcePress(id=card.id, item=near.item, who=who, back=near.back)

    rows = [
        [button(found_label(number, one), press(one.id))] for number, one in enumerate(found, 1)
    ]
    written = button(
        f"✍️ {_('As written: %(text)s') % {'text': shorten(text, 20)}}", press(AS_WRITTEN)
    )
    body = lines(Bold(f"🎯 {name_of(card)}"), _("Who of them recommended us?"))
    back = button(f"← {_('Back')}", InterestPress(id=card.id, back=near.back))
    return Screen(body, [*rows, [written], [back]])
