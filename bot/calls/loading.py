"""Loading what a call's card needs; who may ask for one by a button."""

from __future__ import annotations

from bot.calls.facts import Facts
from bot.clients.facts import Facts as ClientFacts
from bot.clients.facts import facts_of as client_facts
from crm_core.calls import queries, resultviews
from crm_core.calls.commands import NO_CALL
from crm_core.calls.queries import CallView, Filter
from crm_core.clients.queries import ClientCard
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.errors import Forbidden, NotFound
from crm_core.kernel.i18n import N_
from crm_core.recordings.access import may_hear
from crm_core.recordings.queries import recording_of
from crm_core.staff.queries import Colleague, colleague


async def facts_of(viewer: Actor, call_id: int, back: str = "") -> Facts:
    """Load a call's card; NotFound."""
    call = await queries.call(call_id)
    if call is None:
        raise NotFound(NO_CALL)
    client = None
    if call.client_id and viewer.may(Right.CLIENT_READ):
        client = await client_facts(viewer, call.client_id)
    ended = call.state == "ended"
    return Facts(
        call=call,
        viewer=viewer,
        client=client,
        manager=await _manager(client),
        before=await _before(call),
        requests=client.requests if client else (),
        recording=await recording_of(call_id) if ended else None,
        result=await resultviews.result_of(call_id) if ended else None,
        hears=await may_hear(viewer, call_id),
        blocked=await resultviews.is_blocked(call.number),
        back=back,
    )


async def entitled(viewer: Actor, call_id: int, back: str = "") -> Facts:
    """The same for whoever asks for it by a button: one's own calls and clients; Forbidden."""
    found = await facts_of(viewer, call_id, back)
    own = found.manager is not None and found.manager.id == viewer.id
    unheard = found.missed or found.call.state == "ringing"
    if not (found.works or own or unheard or found.call.ordered_by_id == viewer.id):
        raise Forbidden(N_("This is a colleague's call."))
    return found


def responsible(card: ClientCard) -> int | None:
    """Who looks after the client; after a contact person also whoever has their company."""
    managers = (one.manager_id for one in card.companies)
    return card.manager_id or next(filter(None, managers), None)


async def _manager(client: ClientFacts | None) -> Colleague | None:
    known = responsible(client.card) if client else None
    return await colleague(known) if known else None


async def _before(call: CallView) -> CallView | None:
    if call.client_id is None:
        return None
    found = await queries.calls(Filter(client_id=call.client_id, until=call.started_at), limit=1)
    return found[0] if found else None
