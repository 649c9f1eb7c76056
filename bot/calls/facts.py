"""What a call's card shows, and what of it concerns this person. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.clients.facts import Facts as ClientFacts
from crm_core.calls.queries import CallView
from crm_core.calls.resultviews import ResultView
from crm_core.kernel.actors import Actor, Right
from crm_core.recordings.queries import RecordingView
from crm_core.requests.queries import RequestView
from crm_core.staff.queries import Colleague


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
