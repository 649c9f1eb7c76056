"""Moments as people say them: today 14:05, yesterday, 12 Nov, then with the year."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from crm_core.kernel import clock, i18n
from crm_core.kernel.i18n import gettext as _
from crm_core.kernel.i18n import ngettext

DAY = timedelta(days=1)


def moment(at: datetime, timezone: str) -> str:
    """A moment in the person's own time; near ones with the hour."""
    zone = ZoneInfo(timezone)
    local, today = at.astimezone(zone), clock.now().astimezone(zone).date()
    hour = f"{local:%H:%M}"
    if local.date() == today:
        return _("today %(hour)s") % {"hour": hour}
    if local.date() == today - DAY:
        return _("yesterday %(hour)s") % {"hour": hour}
    if local.date() == today + DAY:
        return _("tomorrow %(hour)s") % {"hour": hour}
    form = "d MMM" if local.year == today.year else "d MMM y"
    return f"{format_date(local.date(), form, locale=i18n.current())} {hour}"


def waiting(since: datetime) -> str:
    """How long somebody has been waiting: `now`, `5 min`, `3 h`, `2 days`."""
    minutes = int((clock.now() - since).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return _("%(count)s min") % {"count": minutes}
    if minutes < 48 * 60:
        return _("%(count)s h") % {"count": minutes // 60}
    days = minutes // 1440
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
