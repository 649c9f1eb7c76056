"""Until when a request is to be accepted, answered, closed: the sign and words of it. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.times import moment
from crm_core.kernel import clock
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.requests.queries import RequestView

NEAR = timedelta(hours=12)
DUE = {
    "accept": N_("accept by %(time)s"),
    "answer": N_("answer by %(time)s"),
    "close": N_("close by %(time)s"),
}
LATE = {
    "accept": N_("was to be accepted by %(time)s"),
    "answer": N_("was to be answered by %(time)s"),
    "close": N_("was to be closed by %(time)s"),
}


def open_steps(view: RequestView) -> list[tuple[str, datetime]]:
    """(step, deadline) of what is still to be done, the nearest first."""
    steps = (
        ("accept", view.accept_by, view.accepted_at),
        ("answer", view.answer_by, view.answered_at),
        ("close", view.close_by, view.closed_at),
    )
    found = [(step, by) for step, by, done in steps if by is not None and done is None]
    return sorted(found, key=lambda one: one[1])


def sign(view: RequestView) -> str:
    """🟢 in time, 🟠 near (within half a day, and more than half is over), 🔴 too late; empty
    without limits."""
    waiting = open_steps(view)
    if not waiting:
        return "🟢" if view.accept_by or view.answer_by or view.close_by else ""
    by, now = waiting[0][1], clock.now()
    if now >= by:
        return "🔴"
    near = by - now < NEAR and (now - view.registered_at) * 2 > by - view.registered_at
    return "🟠" if near else "🟢"


def words(view: RequestView, timezone: str) -> str | None:
    """`answer by today 14:05`, of the nearest one."""
    waiting = open_steps(view)
    if not waiting:
        return None
    step, by = waiting[0]
    said = LATE[step] if clock.now() >= by else DUE[step]
    return _(said) % {"time": moment(by, timezone)}
