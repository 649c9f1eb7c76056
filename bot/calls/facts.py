"""What a call's card needs, and what of it this person may see."""

from __future__ import annotations

from dataclasses import dataclass

from bot.clients.facts import Facts as ClientFacts
from bot.clients.facts import facts_of as client_facts
from crm_core.calls import queries, results
from crm_core.calls.commands import NO_CALL
from crm_core.calls.queries import CallView, Filter
from crm_core.calls.results import ResultView
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.errors import Forbidden, NotFound
from crm_core.kernel.i18n import N_
from crm_core.recordings.access import may_hear
from crm_core.recordings.queries import RecordingView, recording_of
from crm_core.requests import queries as requests
from crm_core.requests.queries import RequestView
from crm_core.staff.queries import Colleague, colleague


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A call before its viewer. `client` is None for numbers nobody knows; `manager` looks after
    the client, `before` is the call before this one, `requests` the client's open ones."""

    call: CallView
    viewer: Actor
    client: ClientFacts | None = None
    manager: Colleague | None = None
    before: CallView | None = None
    requests: tuple[RequestView, ...] = ()
    recording: RecordingView | None = None
    result: ResultView | None = None
    hears: bool = False
    blocked: bool = False
    back: str = ""

    @property
    def talks(self) -> bool:
        """Whether the viewer speaks with the other side (or did so last)."""
        return self.call.employee_id == self.viewer.id

    @property
    def rings(self) -> bool:
        """Whether the viewer's own phone is part of the call."""
        return any(leg.employee_id == self.viewer.id for leg in self.call.legs)

    @property
    def rings_now(self) -> bool:
        """Whether the viewer's own phone rings at this moment."""
        return self.call.state != "ended" and any(
            leg.employee_id == self.viewer.id
            and leg.how != "caller"
            and leg.answered_at is None
            and leg.outcome is None
            and leg.ended_at is None
            for leg in self.call.legs
        )

    @property
    def state(self) -> str:
        """The call's state as the viewer has it: one that is passed on to them rings."""
        return "ringing" if self.rings_now else self.call.state

    @property
    def works(self) -> bool:
        """Whether the viewer may do something about the call itself."""
        return self.rings or self.viewer.may(Right.CALL_ALL)

    @property
    def missed(self) -> bool:
        """A client called and spoke with nobody."""
        one = self.call
        return one.direction == "inbound" and one.state == "ended" and one.outcome != "answered"

    @property
    def name(self) -> str:
        """The client's name, else what the PBX says."""
        return self.call.client or self.call.caller_name


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
        requests=await _requests(call),
        recording=await recording_of(call_id) if ended else None,
        result=await results.result_of(call_id) if ended else None,
        hears=await may_hear(viewer, call_id),
        blocked=await results.is_blocked(call.number),
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


async def _manager(client: ClientFacts | None) -> Colleague | None:
    known = client.card.manager_id if client else None
    return await colleague(known) if known else None


async def _before(call: CallView) -> CallView | None:
    if call.client_id is None:
        return None
    found = await queries.calls(Filter(client_id=call.client_id, until=call.started_at), limit=1)
    return found[0] if found else None


async def _requests(call: CallView) -> tuple[RequestView, ...]:
    if call.client_id is None:
        return ()
    found = await requests.of_client(call.client_id, limit=3)
    return tuple(one for one in found if one.state in {"new", "accepted"})
