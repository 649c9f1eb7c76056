"""The visible table: which facts go to whom, which timers call what."""

from __future__ import annotations

from bot.calls import notify as calls
from bot.channels import told
from bot.clients import twinposts
from bot.dialogs import notify
from bot.requests import lateposts
from bot.requests import posts as requestposts
from channels.webchat import handlers as webchat
from crm_core.calls import callbacks
from crm_core.classification import arriving
from crm_core.clients.standing import jobs, watching
from crm_core.dialogs.commands import OFFER_TIMER, SNOOZE_TIMER, wake_snoozed
from crm_core.kernel.pump import Handler
from crm_core.kernel.timers import Fire
from crm_core.recordings import keeping
from crm_core.requests import clocking
from routing import assignment, draining, missed, requestflow, requests
from telephony import presence

HANDLERS: tuple[Handler, ...] = (
    *draining.HANDLERS,
    *requestflow.HANDLERS,
    *clocking.HANDLERS,
    *notify.HANDLERS,
    *requestposts.HANDLERS,
    *lateposts.HANDLERS,
    *webchat.HANDLERS,
    *missed.HANDLERS,
    *keeping.HANDLERS,
    *calls.HANDLERS,
    *presence.HANDLERS,
    *told.HANDLERS,
    *arriving.HANDLERS,
    *twinposts.HANDLERS,
    # It locks cards after all others have theirs.
    *watching.HANDLERS,
)

TIMERS: dict[str, Fire] = {
    SNOOZE_TIMER: wake_snoozed,
    OFFER_TIMER: assignment.lapse,
    requests.OFFER_TIMER: requests.lapse,
    callbacks.BACK_TIMER: callbacks.remind,
    **jobs.TIMERS,
    clocking.LIMIT_TIMER: clocking.crossed,
}
