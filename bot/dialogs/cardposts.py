"""Cards on their way out: edited in place, sent anew when they are news or were deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot import places
from bot.dialogs import topics
from bot.dialogs.cards import Facts, card, facts_of
from bot.dialogs.errand import Errand, MessageGone, ThreadGone, digest
from bot.places import Spot, pair
from bot.screen import Screen
from crm_core.kernel import memory
from routing.contracts import Sent
from routing.lanes import OutRow, Skipped

NOTHING_NEW = "The card looks the same."


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A card to be drawn at one of its places. `wanted`: sent even when none stands there."""

    view: str
    key: str
    dialog_id: int
    screen: Screen
    thread: int | None = None
    fresh: bool = False
    wanted: bool = False


async def send_card(errand: Errand, row: OutRow) -> Sent:
    """Bring the cards of one dialog up to date; Skipped when they look the same."""
    dialog_id, fresh = int(row.data["dialog"]), bool(row.data["fresh"])
    facts = await facts_of(errand.actor, dialog_id)
    try:
        thread = await topics.thread_of(errand, facts.view)
        done = await _draw_all(errand, facts, thread, fresh=fresh)
    except ThreadGone:
        await topics.forget(errand, facts.view)
        thread = await topics.thread_of(errand, facts.view)
        done = await _draw_all(errand, facts, thread, fresh=fresh)
    if not done:
        raise Skipped(NOTHING_NEW)
    return Sent(tuple(str(one) for one in done))


async def _draw_all(errand: Errand, facts: Facts, thread: int | None, *, fresh: bool) -> list[int]:
    """The card in the main chat and, where there is one, the card in the topic."""
    held = facts.mine and facts.view.state in topics.LIVE
    in_topic = thread is not None
    main = Spread(
        view=places.CARD,
        key=pair(facts.view.id, errand.chat),
        dialog_id=facts.view.id,
        screen=card(await _main_facts(facts, apart=in_topic and held)),
        fresh=fresh and not (in_topic and held),
        wanted=facts.offered or (held and not in_topic),
    )
    done = [await _draw(errand, main)]
    work = await topics.known(facts.view, errand.chat) if in_topic else None
    if work is not None and work["dialog"] == facts.view.id:
        await topics.rename(errand, facts.view)
        spread = Spread(
            view=topics.WORK,
            key=topics.key_of(facts.view, errand.chat),
            dialog_id=facts.view.id,
            screen=card(facts),
            thread=thread,
            fresh=fresh and held,
            wanted=held,
        )
        done.append(await _draw(errand, spread))
    return [one for one in done if one is not None]


async def _main_facts(facts: Facts, *, apart: bool) -> Facts:
    if not apart:
        return facts
    return Facts(view=facts.view, last=None, viewer=facts.viewer, topics=facts.topics, apart=True)


async def _draw(errand: Errand, spread: Spread) -> int | None:
    """The message that changed; None when nothing had to."""
    known = await memory.get(spread.view, spread.key) or {}
    stands, looks = known.get("id"), digest(spread.screen)
    if stands and not spread.fresh:
        if known["digest"] == looks:
            return None
        try:
            await errand.edit(stands, spread.screen)
        except MessageGone:
            stands = None
        else:
            await memory.put(spread.view, spread.key, known | {"digest": looks})
            return int(stands)
    if not (spread.wanted or spread.fresh):
        return None
    sent = await errand.post(spread.screen, spread.thread, silent=not spread.fresh)
    await _remember(errand, spread, known | {"id": sent, "digest": looks})
    if stands:
        await errand.remove(stands)
    return sent


async def _remember(errand: Errand, spread: Spread, data: dict[str, Any]) -> None:
    shown = {"dialog": spread.dialog_id, "messages": []}
    await places.remember(
        [
            Spot(spread.view, spread.key, data),
            Spot(places.ANSWER, pair(errand.chat, data["id"]), shown),
        ]
    )
