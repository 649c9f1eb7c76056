"""Screens of reports: the list, the question, its choices, the answer's caption. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.utils.formatting import Bold, Pre, Text

from bot.home.presses import HomePress
from bot.home.views import back as home_button
from bot.reports.asking import Asked
from bot.reports.presses import PRESETS, ReportPress, mark
from bot.reports.tables import drawn
from bot.screen import Button, Screen, button, lines, shorten
from crm_core.kernel.actors import Actor
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.reports import texts
from crm_core.reports.definition import Report
from crm_core.reports.running import Line, Table

PAGE = 7
TITLES = {
    "today": N_("Today"),
    "yesterday": N_("Yesterday"),
    "this_week": N_("This week"),
    "last_week": N_("Last week"),
    "this_month": N_("This month"),
    "last_month": N_("Last month"),
    "quarter": N_("Quarter"),
    "year": N_("Year"),
}


def menu(actor: Actor, found: Sequence[Report]) -> Screen:
    """All reports; who sees only their own figures is told so."""
    rows = [[button(f"📊 {_(one.title)}", ReportPress(do="setup", key=one.key))] for one in found]
    own = not all(actor.may(one.sees_all) for one in found)
    body = lines(
        Bold(f"📊 {_('Reports')}"),
        _("Choose a report: then its period and how to group it."),
        _("You see your own figures.") if own else None,
    )
    return Screen(body, [*rows, [home_button()]])


def setup(question: Asked, bounds: Sequence[str], *, sees_all: bool) -> Screen:
    """What is asked, every part of it changed by a button."""
    press, report = question.press, question.report
    cut = report.cut(press.cut)
    assert cut is not None  # noqa: S101 - the question was made out

    def to(do: str, label: str) -> Button:
        return button(label, press.but(do=do))

    filters = report.filters
    narrow = [
        to("who", f"👤 {_('Employee')}") if sees_all and "manager" in filters else None,
        to("from", f"🔗 {_('Source')}") if "source" in filters else None,
        to("queue", f"👥 {_('Queue')}") if "queue" in filters else None,
    ]
    body = lines(
        Bold(f"📊 {_(report.title)}"),
        f"📅 {texts.period(question.period)}",
        f"🗂 {_(cut.title)}",
        *(f"🔎 {said}" for said in bounds),
    )
    return Screen(
        body,
        [
            [to("show", f"📊 {_('Show')}")],
            [to("period", f"📅 {_('Period')}"), to("cut", f"🗂 {_('Grouping')}")],
            [one for one in narrow if one is not None],
            [button(f"← {_('Back')}", HomePress(to="reports"))],
        ],
    )


def back_to_setup(press: ReportPress) -> list[Button]:
    return [button(f"← {_('Back')}", press.but(do="setup", row="", page=0))]


def choose_period(question: Asked) -> Screen:
    press = question.press
    found = [
        button(
            f"• {_(TITLES[name])}" if press.span == letter else _(TITLES[name]),
            press.but(do="setup", span=letter),
        )
        for letter, name in PRESETS.items()
    ]
    own = button(f"✏️ {_('Own dates')}", press.but(do="dates"))
    body = lines(Bold(f"📅 {_(question.report.title)}"), _("Over which days?"))
    rows = [found[at : at + 2] for at in range(0, len(found), 2)]
    return Screen(body, [*rows, [own], back_to_setup(press)])


def choose_cut(question: Asked) -> Screen:
    press, now = question.press, question.report.cut(question.press.cut)
    rows = [
        [
            button(
                f"• {_(one.title)}" if one == now else _(one.title),
                press.but(do="setup", cut=one.key),
            )
        ]
        for one in question.report.cuts
    ]
    body = lines(Bold(f"🗂 {_(question.report.title)}"), _("How shall it be grouped?"))
    return Screen(body, [*rows, back_to_setup(press)])


def choose(question: Asked, field: str, found: Sequence[tuple[object, str]]) -> Screen:
    """People, sources or queues: `field` of the press becomes the chosen one's value."""
    press = question.press
    page, nothing = press.page, type(getattr(press, field))()
    shown = found[page * PAGE : (page + 1) * PAGE]
    rows = [
        [button(name, press.but(do="setup", page=0, **{field: value}))] for value, name in shown
    ]
    turns = [
        button(label, press.but(page=goal))
        for label, goal in (("‹", page - 1), ("›", page + 1))
        if goal >= 0 and goal * PAGE < len(found)
    ]
    everything = button(_("All of them"), press.but(do="setup", page=0, **{field: nothing}))
    body = lines(Bold(f"🔎 {_(question.report.title)}"), _("Narrow the report to:"))
    return Screen(body, [*rows, turns, [everything], back_to_setup(press)])


def caption(question: Asked, table: Table) -> Screen:
    """What stands under the picture: the table and everything one may do with it."""
    press = question.press
    show = press.but(row="", page=0)
    files = [button(one.upper(), show.but(do=one)) for one in ("xlsx", "csv", "pdf") if table.lines]
    opens = [button(f"🔍 {_('What it counts')}", show.but(do="rows"))] if table.lines else []
    body = lines(
        Bold(f"📊 {shorten(texts.title(table.report, table.cut), 80)}"),
        shorten(texts.bounds(table), 120),
        Text(Pre(drawn(table))) if table.lines else _("Nothing in this period"),
    )
    return Screen(
        body,
        [
            [button("‹", question.turned(-1)), button("›", question.turned(1))],
            files,
            [*opens, button(f"⚙️ {_('Parameters')}", show.but(do="setup"))],
            [button(f"← {_('Reports')}", HomePress(to="reports"))],
        ],
    )


def rows_screen(question: Asked, table: Table) -> Screen:
    """Rows to be opened, seven a page."""
    press, page = question.press, question.press.page
    shown = table.lines[page * PAGE : (page + 1) * PAGE]
    rows = [
        [
            button(
                f"{' · '.join(line.labels)} — {_counted(table, line)}",
                press.but(do="items", row=mark(*line.key), page=0),
            )
        ]
        for line in shown
    ]
    turns = [
        button(label, press.but(page=goal))
        for label, goal in (("‹", page - 1), ("›", page + 1))
        if goal >= 0 and goal * PAGE < len(table.lines)
    ]
    body = lines(
        Bold(f"🔍 {texts.title(table.report, table.cut)}"),
        texts.bounds(table),
        _("Which row shall I open?") if table.lines else _("Nothing in this period"),
    )
    everything = button(_("All of them"), press.but(do="items", row="-", page=0))
    return Screen(body, [*rows, turns, [everything] if table.lines else [], back_to_setup(press)])


def _counted(table: Table, line: Line) -> str:
    """How high its bar is."""
    heights = (line.values.get(one) or 0 for one in table.report.chart.series)
    return texts.shown(sum(heights), "count")
