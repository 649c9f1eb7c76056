"""A limit of a request is over: whoever has it and the heads are told, each once."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.utils.formatting import Bold

from bot.dialogs.errand import Errand
from bot.requests.cards import said, who
from bot.requests.deadlines import LATE
from bot.requests.presses import RequestPress
from bot.screen import Screen, button, lines, shorten
from bot.times import moment
from crm_core.kernel import db
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.kernel.journal import Recorded
from crm_core.kernel.pump import Handler
from crm_core.outbox.rows import BOT_LANE, Post, put
from crm_core.requests import queries
from crm_core.requests.events import RequestLimitCrossed
from crm_core.requests.queries import RequestView
from routing.contracts import Sent
from routing.lanes import OutRow

TITLES = {
    "accept": N_("The application was not accepted in time"),
    "answer": N_("The application was not answered in time"),
    "close": N_("The application was not closed in time"),
}
# Until there are departments: all heads; where there is none, the administrators.
CONCERNED = """
SELECT telegram_id FROM employee
WHERE active AND telegram_id IS NOT NULL AND (id = $1 OR role = 'head' OR (role = 'admin'
  AND NOT EXISTS (SELECT 1 FROM employee
    WHERE active AND telegram_id IS NOT NULL AND role = 'head')))
ORDER BY id
"""


async def on_late(recorded: Sequence[Recorded]) -> None:
    for one in recorded:
        event = one.event
        assert isinstance(event, RequestLimitCrossed)  # noqa: S101 - all HANDLERS asks for
        rows = await db.fetch(CONCERNED, event.employee_id)
        data = {"request": event.request_id, "step": event.step}
        slot = f"late:{event.request_id}:{event.step}"
        await put(
            *(
                Post(lane=BOT_LANE, chat=str(row["telegram_id"]), kind="late", data=data, slot=slot)
                for row in rows
            )
        )


async def send_late(errand: Errand, row: OutRow) -> Sent:
    view, step = await queries.view(int(row.data["request"])), str(row.data["step"])
    screen = notice(view, step, errand.actor.timezone)
    return Sent((str(await errand.post(screen)),))


def notice(view: RequestView, step: str, timezone: str) -> Screen:
    """What was not done, whose it is, until when it was due."""
    by = {"accept": view.accept_by, "answer": view.answer_by, "close": view.close_by}[step]
    name = view.responsible_name or view.offered_to_name
    facts = (
        _(LATE[step]) % {"time": moment(by, timezone)} if by else None,
        _("with %(name)s") % {"name": name} if name else _("nobody has it"),
    )
    body = lines(
        Bold(f"🔴 {_(TITLES[step])}"),
        shorten(" · ".join(filter(None, (who(view), said(view.source), said(view.subject)))), 110),
        " · ".join(filter(None, facts)),
    )
    opens = RequestPress(do="card", id=view.id)
    return Screen(body, [[button(f"📥 {_('Open the application')}", opens)]])


HANDLERS = (Handler("bot.late", (RequestLimitCrossed,), on_late),)
