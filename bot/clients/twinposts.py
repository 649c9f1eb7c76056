"""Whoever works with a client's dialog is told once that the client may be another card, too."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.utils.formatting import Bold

from bot import trail
from bot.clients.presses import ChoicePress, MergePress
from bot.dialogs import audience, topics
from bot.dialogs.audience import Seat
from bot.dialogs.errand import Errand
from bot.dialogs.posts import Posts
from bot.places import pair
from bot.screen import Screen, button, lines
from crm_core.dialogs import queries as dialogs
from crm_core.duplicates import queries
from crm_core.duplicates.events import DuplicateProposed
from crm_core.duplicates.queries import Proposal
from crm_core.kernel import db, memory
from crm_core.kernel.actors import Right
from crm_core.kernel.i18n import gettext as _
from crm_core.kernel.journal import Recorded
from crm_core.kernel.pump import Handler
from crm_core.outbox.rows import BOT_LANE, Post, put
from routing.contracts import Sent
from routing.lanes import OutRow, Skipped

TOLD = "twin-told"
# twin-told  pair:chat -> {id}   where a proposal was told
# A name alone interrupts nobody: it stands on the cards.
WEIGHTY = 80
DIALOGS = """
SELECT id FROM dialog WHERE client_id = ANY($1::bigint[]) AND state <> 'closed' ORDER BY id
"""


async def on_proposed(recorded: Sequence[Recorded]) -> None:
    """A notice for who has a dialog with either of the two; the cards of all who see one."""
    facts = [one.event for one in recorded if isinstance(one.event, DuplicateProposed)]
    notices: dict[tuple[int, int], Seat] = {}
    posts = Posts()
    for fact in facts:
        rows = await db.fetch(DIALOGS, [fact.client_id, fact.other_id])
        ids = [row["id"] for row in rows]
        for seat in await audience.of_dialogs(ids):
            posts.card(seat)
        for seat in await audience.holders(ids) if fact.score >= WEIGHTY else []:
            notices.setdefault((fact.pair_id, seat.chat), seat)
    await posts.put()
    await put(*(_post(number, notices[number, chat]) for number, chat in sorted(notices)))


def _post(pair_id: int, seat: Seat) -> Post:
    return Post(
        lane=BOT_LANE,
        chat=str(seat.chat),
        kind="twin",
        data={"pair": pair_id, "dialog": seat.dialog_id},
        slot=f"twin:{pair_id}",
    )


async def send_twin(errand: Errand, row: OutRow) -> Sent:
    """Silent, in the dialog's topic; nothing when it is decided or was told before."""
    key = pair(int(row.data["pair"]), errand.chat)
    if not errand.actor.may(Right.CLIENT_MERGE):
        raise Skipped("They may not merge.")
    if await memory.get(TOLD, key):
        raise Skipped("They were told.")
    found = await queries.proposal(errand.actor, int(row.data["pair"]))
    if found is None:
        raise Skipped("It has been decided meanwhile.")
    view = await dialogs.view(int(row.data["dialog"]))
    thread = await topics.thread_of(errand, view)
    sent = await errand.post(notice(found, view.id), thread, silent=True)
    await memory.put(TOLD, key, {"id": sent})
    return Sent((str(sent),))


def notice(found: Proposal, dialog_id: int) -> Screen:
    """Who and why, and both ways to decide. Pure."""
    names = {"one": found.one_name, "two": found.two_name}
    back = trail.dialog(dialog_id, "")
    ids = {"id": found.one_id, "gone": found.two_id, "back": back}
    body = lines(
        Bold(f"👥 {_('Maybe one client: %(one)s and %(two)s') % names}"),
        "; ".join(one.text for one in found.whys),
    )
    two = button(f"✖️ {_('Two clients')}", ChoicePress.model_validate({"do": "two"} | ids))
    compare = button(f"🔗 {_('Compare')}", MergePress.model_validate({"do": "compare"} | ids))
    return Screen(body, [[compare, two]])


HANDLERS = (Handler("bot.duplicates", (DuplicateProposed,), on_proposed),)
