"""Two cards side by side: why they may be one, which values stay, merge, or say they are two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiogram.types import CallbackQuery
from aiogram.utils.formatting import Bold, Text

from bot import trail
from bot.clients.cards import KINDS, to_card, ways
from bot.clients.merging import opens
from bot.clients.presses import ChoicePress, MergePress
from bot.clients.show import show
from bot.desk import Desk
from bot.screen import Button, Screen, button, lines, shorten
from crm_core.clients import mergeable, queries
from crm_core.clients.choosing import Difference, differences
from crm_core.clients.queries import ClientCard
from crm_core.duplicates import matching
from crm_core.duplicates.pairs import ordered
from crm_core.duplicates.reasons import Match
from crm_core.kernel.actors import Right
from crm_core.kernel.errors import Conflict
from crm_core.kernel.i18n import N_, ngettext
from crm_core.kernel.i18n import gettext as _

WAYS = 4
MERGED = N_("One of these cards has been merged meanwhile. Open it again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two cards before somebody who decides; `take` as in ChoicePress."""

    kept: ClientCard
    gone: ClientCard
    match: Match
    differ: Sequence[Difference]
    take: int = 0
    back: str = ""

    def press(self, do: str, take: int) -> ChoicePress:
        data = {"do": do, "id": self.kept.id, "gone": self.gone.id, "take": take}
        return ChoicePress.model_validate(data | {"back": self.back})

    @property
    def all_bits(self) -> int:
        return sum(bit(one.field) for one in self.differ)


def bit(field: str) -> int:
    """The bit of a field in `take`."""
    return 1 << sorted(mergeable.fields()).index(field)


def taken(take: int) -> list[str]:
    """The fields of a `take`."""
    return [name for name in mergeable.fields() if take & bit(name)]


async def compare(
    _query: CallbackQuery, callback_data: MergePress | ChoicePress, desk: Desk
) -> None:
    """Both cards and what will happen; another value may have been chosen."""
    desk.actor.require(Right.CLIENT_MERGE)
    kept = await queries.card(desk.actor, callback_data.id)
    gone = await queries.card(desk.actor, callback_data.gone)
    if kept.id == gone.id:
        raise Conflict(MERGED)
    await desk.answers()
    pair = ordered(kept.id, gone.id)
    found = Compared(
        kept=kept,
        gone=gone,
        match=(await matching.rescored([pair])).get(pair, Match(0, ())),
        differ=await differences(kept.id, gone.id),
        take=callback_data.take if isinstance(callback_data, ChoicePress) else 0,
        back=callback_data.back,
    )
    await show(desk, screen(found))


def screen(found: Compared) -> Screen:
    """Pure: at most twelve lines when both cards have few contacts."""
    why = "; ".join(one.text for one in found.match.whys)
    body = lines(
        Bold(f"🔗 {_('Merge two cards?')}"),
        f"👥 {_('They may be one: %(why)s') % {'why': why}}" if why else None,
        Text("\n", _("Stays"), ": ", _side(found.kept)),
        Text("\n", _("Is folded into it"), ": ", _side(found.gone)),
        "\n" + _will(found.kept, found.gone),
        _("Press a value to take the other one.") if found.differ else None,
        _("This can be undone."),
    )
    swapped = found.press("take", found.all_bits & ~found.take)
    swap = swapped.model_copy(update={"id": found.gone.id, "gone": found.kept.id})
    values = [_value(found, one) for one in found.differ]
    return Screen(
        body,
        [
            *(values[at : at + 2] for at in range(0, len(values), 2)),
            [button(f"🔗 {_('Merge')}", found.press("merge", found.take))],
            [
                button(f"⇄ {_('Keep the other one')}", swap),
                button(f"✖️ {_('Two clients')}", found.press("two", 0)),
            ],
            [to_card(found.kept.id, found.back)],
        ],
    )


def _value(found: Compared, one: Difference) -> Button:
    """`⇄ Name: Anna`: what will stand; a press takes the other card's value."""
    from_gone = bool(found.take & bit(one.field))
    stays = one.gone if from_gone else one.kept
    label = f"⇄ {_(one.title)}: {stays or '—'}"
    return button(label, found.press("take", found.take ^ bit(one.field)))


def _will(kept: ClientCard, gone: ClientCard) -> str:
    contacts = len({(one.kind, one.value) for one in (*kept.contacts, *gone.contacts)})
    counts = {name: kept.counts[name] + gone.counts[name] for name in ("messages", "notes")}
    will = _(
        "One card stays, with all channels, messages (%(messages)s), notes (%(notes)s)"
        " and contacts (%(contacts)s)."
    )
    return will % (counts | {"contacts": contacts})


def _side(card: ClientCard) -> Text:
    found = ways(card)
    rest = len(found) - WAYS
    messages = card.counts["messages"]
    count = ngettext("%(count)s message", "%(count)s messages", messages) % {"count": messages}
    manager = card.manager_name or _("nobody")
    return lines(
        Bold(f"{KINDS.get(card.kind, '👤')} {card.name}"),
        _("Looked after by: %(name)s") % {"name": manager} + f" · {count}",
        *(shorten(line, 80) for line in found[:WAYS]),
        f"… + {rest}" if rest > 0 else None,
    )


async def merge(_query: CallbackQuery, callback_data: MergePress | ChoicePress, desk: Desk) -> None:
    """The outcome with its undo."""
    take = taken(callback_data.take) if isinstance(callback_data, ChoicePress) else []
    kept = await queries.card(desk.actor, callback_data.id)
    gone = await queries.card(desk.actor, callback_data.gone)
    ids = {"kept_id": callback_data.id, "gone_id": callback_data.gone}
    done = await desk.run("client.merge", **ids, take=take)
    kept = await queries.card(desk.actor, kept.id)
    back = callback_data.back
    undo = MergePress(do="undo", id=kept.id, gone=done["merge_id"], back=back)
    said = _("✓ %(gone)s is now part of the card %(kept)s.")
    body = lines(
        Bold(f"🔗 {_('Merged')}"),
        said % {"gone": gone.name, "kept": kept.name},
        _("If it was a mistake, take them apart: everything goes back to where it was."),
    )
    rows = [[button(f"↩️ {_('Undo the merge')}", undo)], [opens(kept, back)], [trail.back(back)]]
    await show(desk, Screen(body, rows))


async def two(_query: CallbackQuery, callback_data: ChoicePress, desk: Desk) -> None:
    """They are two clients; the way to compare them stays, should that have been a slip."""
    one_id, two_id = callback_data.id, callback_data.gone
    await desk.run("duplicate.dismiss", one_id=one_id, two_id=two_id)
    kept = await queries.card(desk.actor, one_id)
    gone = await queries.card(desk.actor, two_id)
    body = lines(
        Bold(f"✖️ {_('Two clients')}"),
        _("✓ %(one)s and %(two)s are not proposed again unless something new speaks for it.")
        % {"one": kept.name, "two": gone.name},
    )
    again = MergePress(do="compare", id=one_id, gone=two_id, back=callback_data.back)
    rows = [
        [opens(kept, callback_data.back), opens(gone, callback_data.back)],
        [button(f"🔗 {_('Compare again')}", again)],
        [trail.back(callback_data.back)],
    ]
    await show(desk, Screen(body, rows))
