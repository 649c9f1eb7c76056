"""The list of applications: by state and source, with the age of each. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiogram.utils.formatting import Bold

from bot import trail
from bot.home.views import back as home_button
from bot.requests.cards import dot, said, who
from bot.requests.presses import RequestPress, RequestsPress, Which, mark
from bot.screen import Button, Screen, button, lines, shorten
from bot.times import waiting
from crm_core.kernel.i18n import N_, ngettext
from crm_core.kernel.i18n import gettext as _
from crm_core.requests.queries import RequestView

PAGE, MOST_SOURCES = 7, 3
LISTS: dict[Which, tuple[str, str]] = {
    "new": ("📥", N_("New")),
    "mine": ("💬", N_("Mine")),
    "work": ("⏳", N_("In work")),
    "done": ("⚪", N_("Done and rejected")),
}
EMPTY: dict[Which, str] = {
    "new": N_("No application waits. Those of the site, calls and services will stand here."),
    "mine": N_("You have no applications in work: accept one from the new ones."),
    "work": N_("Nobody has applications in work."),
    "done": N_("Nothing has been done or rejected yet."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A page of a list; `sources` are all of the list with their counts, `source` the chosen."""

    which: Which
    page: int
    found: Sequence[RequestView]
    total: int
    sources: Sequence[tuple[str, int]]
    source: str | None
    counts: Mapping[str, int]


def screen(listed: Listed) -> Screen:
    """Seven requests: sign, who, whence, how long ago."""
    sign, title = LISTS[listed.which]
    count = ngettext("%(count)s application", "%(count)s applications", listed.total)
    rows = [[_row(number, view, listed)] for number, view in enumerate(listed.found, 1)]
    chosen = _("only from: %(source)s") % {"source": said(listed.source)} if listed.source else None
    body = lines(
        Bold(f"📥 {_('Applications')} · {sign} {_(title)}"),
        count % {"count": listed.total} if listed.total else _(EMPTY[listed.which]),
        chosen,
    )
    return Screen(body, [*rows, _turns(listed), _sources(listed), _tabs(listed), [home_button()]])


def _row(number: int, view: RequestView, listed: Listed) -> Button:
    age = waiting(view.registered_at)
    name, source = shorten(who(view), 18), shorten(said(view.source), 10)
    label = f"{listed.page * PAGE + number}. {dot(view)} {name} · {source} · {age}"
    back = trail.requests_page(listed.which, listed.page)
    return button(label, RequestPress(do="card", id=view.id, back=back))


def _turns(listed: Listed) -> list[Button]:
    source = mark(listed.source) if listed.source else ""
    return [
        button(label, RequestsPress(which=listed.which, page=goal, source=source))
        for label, goal in (("‹", listed.page - 1), ("›", listed.page + 1))
        if goal >= 0 and goal * PAGE < listed.total
    ]


def _sources(listed: Listed) -> list[Button]:
    """Sources of the list, when there is a choice; the chosen one has the way back to all."""
    if listed.source:
        return [button(_("All sources"), RequestsPress(which=listed.which))]
    if len(listed.sources) < 2:
        return []
    return [
        button(f"{said(name)} {count}", RequestsPress(which=listed.which, source=mark(name)))
        for name, count in listed.sources[:MOST_SOURCES]
    ]


def _tabs(listed: Listed) -> list[Button]:
    """The other lists, with their numbers."""
    found = []
    for which, (sign, title) in LISTS.items():
        if which != listed.which:
            count = f" {listed.counts[which]}" if which in listed.counts else ""
            found.append(button(f"{sign} {_(title)}{count}", RequestsPress(which=which)))
    return found
