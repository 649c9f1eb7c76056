"""Cards of calls on their way out: one message per call and person, edited to the end."""

from __future__ import annotations

from aiogram.utils.formatting import Text

from bot.calls.cards import card
from bot.calls.facts import Facts
from bot.calls.loading import facts_of
from bot.dialogs.errand import Errand, MessageGone, digest
from bot.places import Spot, pair, remember
from bot.screen import Screen
from crm_core.kernel import memory
from crm_core.kernel.i18n import gettext as _
from routing.contracts import Sent
from routing.lanes import OutRow, Skipped

VIEW = "call"  # call:chat -> {id, digest}  where the call's card stands


async def send_call(errand: Errand, row: OutRow) -> Sent:
    """Draw the card; Skipped when it looks the same."""
    facts = await facts_of(errand.actor, int(row.data["call"]))
    screen, key = card(facts), pair(facts.call.id, errand.chat)
    known = await memory.get(VIEW, key) or {}
    stands, loud = known.get("id"), bool(row.data["loud"])
    if stands and not (loud and _news(facts)):
        if known["digest"] == digest(screen):
            raise Skipped("The card looks the same.")
        try:
            await errand.edit(stands, screen)
        except MessageGone:
            stands = None
        else:
            await memory.put(VIEW, key, {"id": stands, "digest": digest(screen)})
            return Sent((str(stands),))
    if not row.data["wanted"]:
        raise Skipped("Their card is gone.")
    sent = await errand.post(screen, silent=not (loud and _news(facts)))
    await remember([Spot(VIEW, key, {"id": sent, "digest": digest(screen)})])
    if stands:
        await errand.remove(stands)
    return Sent((str(sent),))


def _news(facts: Facts) -> bool:
    """Whether it wants somebody now: it rings, or the time to call back has come."""
    planned = facts.result is not None and facts.result.back_at is not None
    return facts.rings_now or planned


async def send_fault(errand: Errand, row: OutRow) -> Sent:
    """What the PBX did not do, and why."""
    text = Text(f"⚠️ {_(str(row.data['error']))}")
    return Sent((str(await errand.post(Screen(text))),))
