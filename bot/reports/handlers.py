"""What handles what with reports: the list, the question, the answer, its items and files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.clients.show import show
from bot.desk import Desk
from bot.forms import cancel, form
from bot.home.handlers import show_room
from bot.home.presses import HomePress
from bot.reports import answering, itemviews, views
from bot.reports.asking import answer, asked, behind
from bot.reports.presses import ReportPress, mark, span_of
from bot.screen import Screen, lines
from crm_core.kernel import clock
from crm_core.kernel.i18n import gettext as _
from crm_core.reports import choices, periods, registry, running
from crm_core.reports.parameters import scope_of

DATES = "report.dates"


async def menu(_query: CallbackQuery, desk: Desk) -> None:
    await show_room(desk, views.menu(desk.actor, list(registry.reports().values())), "reports")


async def command(_message: Message, desk: Desk) -> None:
    await desk.send(views.menu(desk.actor, list(registry.reports().values())))


async def setup(_query: CallbackQuery, callback_data: ReportPress, desk: Desk) -> None:
    """The question as it stands."""
    question = await asked(desk.actor, callback_data)
    scope = scope_of(desk.actor, question.report, question.parameters)
    sees_all = desk.actor.may(question.report.sees_all)
    bounds = await running.bounds_of(scope)
    await show(desk, views.setup(question, bounds, sees_all=sees_all))


async def period(_query: CallbackQuery, callback_data: ReportPress, desk: Desk) -> None:
    await show(desk, views.choose_period(await asked(desk.actor, callback_data)))


async def cut(_query: CallbackQuery, callback_data: ReportPress, desk: Desk) -> None:
    await show(desk, views.choose_cut(await asked(desk.actor, callback_data)))


async def who(_query: CallbackQuery, callback_data: ReportPress, desk: Desk) -> None:
    question = await asked(desk.actor, callback_data)
    found = await choices.people(desk.actor, question.report)
    await show(desk, views.choose(question, "who", found))


async def whence(_query: CallbackQuery, callback_data: ReportPress, desk: Desk) -> None:
    question = await asked(desk.actor, callback_data)
    found = [(mark(one), _(one)) for one in await choices.sources(desk.actor, question.report)]
    await show(desk, views.choose(question, "src", found))


async def queue(_query: CallbackQuery, callback_data: ReportPress, desk: Desk) -> None:
    question = await asked(desk.actor, callback_data)
    await show(desk, views.choose(question, "queue", await choices.queues()))


async def dates(_query: CallbackQuery, callback_data: ReportPress, desk: Desk) -> None:
    """Own days are written."""
    prompt = lines(
        _("Over which days? Write them like 01.03.2026 - 31.03.2026; one day is enough, too.")
    )
    await desk.ask(DATES, Screen(prompt, [cancel()]), press=callback_data.pack())


async def dated(message: Message, desk: Desk) -> None:
    """The days were written; wrong ones leave the form open."""
    today = clock.now().astimezone(answering.zone(desk)).date()
    found = periods.read(message.text or "", today)
    kept = ReportPress.unpack((await desk.answers())["press"])
    question = await asked(desk.actor, kept.but(do="show", span=span_of(found)))
    await answering.send(desk, question)


async def rows(_query: CallbackQuery, callback_data: ReportPress, desk: Desk) -> None:
    question = await asked(desk.actor, callback_data)
    await show(desk, views.rows_screen(question, await answer(desk.actor, question)))


async def items(_query: CallbackQuery, callback_data: ReportPress, desk: Desk) -> None:
    question = await asked(desk.actor, callback_data)
    page = max(callback_data.page, 0)
    line, found, total = await behind(desk.actor, question, page, itemviews.PAGE)
    await show(desk, itemviews.screen(question, line, (found, total), desk.actor.timezone))


ACTIONS: dict[str, Callable[..., Any]] = {
    "setup": setup,
    "period": period,
    "dates": dates,
    "cut": cut,
    "who": who,
    "from": whence,
    "queue": queue,
    "show": answering.show,
    "turn": answering.turn,
    "rows": rows,
    "items": items,
    "xlsx": answering.file,
    "csv": answering.file,
    "pdf": answering.file,
}


def router() -> Router:
    router = Router(name="reports")
    router.callback_query.register(menu, HomePress.filter(F.to == "reports"))
    for do, action in ACTIONS.items():
        router.callback_query.register(action, ReportPress.filter(F.do == do))
    router.message.register(command, Command("reports"))
    router.message.register(dated, form(DATES), F.text)
    return router
