"""Numbers of calls drawn with letters: a bar per line, and what decides in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.calls.presses import By
from bot.calls.words import length
from bot.screen import shorten
from crm_core.calls.statistics import Line
from crm_core.kernel.i18n import gettext as _

WIDEST, NAME = 12, 12
MOST = 30


def summary(whole: Line) -> list[str]:
    """What decides, in words."""
    share = "—" if whole.level is None else f"{whole.level:.0%}"
    counts = {"offered": whole.offered, "answered": whole.answered, "missed": whole.missed}
    return [
        _("Incoming %(offered)s: answered %(answered)s, missed %(missed)s") % counts,
        _("Answered within 20 s: %(share)s · gave up: %(count)s")
        % {"share": share, "count": whole.abandoned},
        _("Mean wait %(wait)s · mean talk %(talk)s")
        % {"wait": length(whole.wait), "talk": length(whole.talk)},
        _("Outgoing %(outgoing)s: reached %(reached)s")
        % {"outgoing": whole.outgoing, "reached": whole.reached},
    ]


def drawn(table: Sequence[Line], by: By) -> str:
    """A bar per line (█ answered, ░ missed) with its numbers; out: calls made."""
    most = max((line.offered for line in table), default=0) or 1
    head = _("█ answered ░ missed · incoming/missed/outgoing")
    rows = [
        f"{_name(line, by):<{NAME}} {_bar(line, most)} {_counts(line)}" for line in table[:MOST]
    ]
    return "\n".join([head, *rows])


def _name(line: Line, by: By) -> str:
    if by == "hour":
        return f"{int(line.key):02}:00"
    return shorten(line.key or _("no queue"), NAME)


def _bar(line: Line, most: int) -> str:
    answered = round(line.answered * WIDEST / most)
    whole = max(round(line.offered * WIDEST / most), 1 if line.offered else 0)
    return ("█" * min(answered, whole) + "░" * (whole - min(answered, whole))).ljust(WIDEST)


def _counts(line: Line) -> str:
    return f"{line.offered}/{line.missed}/{line.outgoing}"
