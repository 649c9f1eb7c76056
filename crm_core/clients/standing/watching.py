"""Facts that may change a client's status or percent, taken from the journal."""

from __future__ import annotations

from collections.abc import Sequence

from crm_core.clients.events import (
    ClientCreated,
    ClientManagerSet,
    ClientNoted,
    ClientsMerged,
    ClientsUnmerged,
    ContactAdded,
    ContactRemoved,
)
from crm_core.clients.standing.keeping import refresh
from crm_core.clients.standing.queries import policy
from crm_core.dialogs.events import (
    DialogAccepted,
    DialogClosed,
    DialogOpened,
    MessageReceived,
    ReplyMirrored,
    ReplyQueued,
)
from crm_core.kernel.journal import Event, Recorded
from crm_core.kernel.pump import Handler
from crm_core.requests.events import (
    RequestChanged,
    RequestDone,
    RequestRegistered,
    RequestRejected,
)

# Words matter only where a rule asks for them: most companies talk far more than they change.
WORDS: tuple[type[Event], ...] = (MessageReceived, ReplyQueued, ReplyMirrored, DialogClosed)
FACTS: tuple[type[Event], ...] = (
    ClientCreated,
    ClientManagerSet,
    ClientNoted,
    ClientsMerged,
    ClientsUnmerged,
    ContactAdded,
    ContactRemoved,
    DialogOpened,  # an identity may have come with it
    DialogAccepted,  # whoever accepts first looks after the client
    RequestRegistered,
    RequestChanged,
    RequestDone,
    RequestRejected,
)


async def on_facts(recorded: Sequence[Recorded]) -> None:
    """All clients of a batch of facts at once."""
    rules = await policy()
    if not rules.statuses:
        return
    touched: set[int] = set()
    for one in recorded:
        if isinstance(one.event, WORDS) and not rules.talks:
            continue
        touched |= {one.event.client_id or 0, getattr(one.event, "gone_id", 0)}
    if touched := touched - {0}:
        await refresh(sorted(touched))


# Last of all handlers: it holds cards until the batch commits, and others take cards last.
HANDLERS: tuple[Handler, ...] = (Handler("clients.standing", (*WORDS, *FACTS), on_facts),)
