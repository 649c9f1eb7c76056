"""Numbers, periods and titles of reports as people read them. Pure."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from crm_core.kernel import i18n
from crm_core.kernel.i18n import gettext as _
from crm_core.reports.definition import Cut, Kind, Number, Report
from crm_core.reports.periods import Period, whole_months
from crm_core.reports.running import Table

NOTHING = "—"


def shown(value: Number, kind: Kind) -> str:
    """`1 250`, `12.5%`, `3:05:00`; a dash for nothing."""
    if value is None:
        return NOTHING
    match kind:
        case "percent":
            return str(format_percent(value, "#,##0.#%", locale=i18n.current()))
        case "duration":
            return clock(value)
        case "money":
            return str(format_decimal(value, "#,##0.00", locale=i18n.current()))
    return str(format_decimal(value, "#,##0", locale=i18n.current()))


def clock(seconds: float) -> str:
    """`h:mm:ss`, hours without end."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"


def short(value: Number, kind: Kind) -> str:
    """The same for narrow columns: `45s`, `12m`, `3h05`."""
    if kind != "duration" or value is None:
        return shown(value, kind).replace("\N{NO-BREAK SPACE}%", "%")
    if value < 60:
        return _("%(count)ss") % {"count": round(value)}
    if value < 3600:
        return _("%(count)sm") % {"count": round(value / 60)}
    minutes = round(value / 60)
    return _("%(hours)sh%(minutes)s") % {"hours": minutes // 60, "minutes": f"{minutes % 60:02}"}


def period(found: Period) -> str:
    """`today's date`, `November 2026`, `2026`, or from day to day."""
    months = whole_months(found)
    if months == 12 and found.first.month == 1:
        return str(found.first.year)
    if months == 1:
        return str(format_date(found.first, "LLLL y", locale=i18n.current()))
    if found.first == found.last:
        return _day(found.first, "d MMMM y")
    same = found.first.year == found.last.year
    first = _day(found.first, "d MMM" if same else "d MMM y")
    return f"{first} – {_day(found.last, 'd MMM y')}"


def _day(day: date, form: str) -> str:
    return str(format_date(day, form, locale=i18n.current()))


def title(report: Report, cut: Cut) -> str:
    """`Analysis of requests by source`."""
    return f"{_(report.title)} {_(cut.title)}"


def bounds(table: Table) -> str:
    """The period and whatever the report was narrowed to."""
    said = [period(Period(table.first, table.last)), *(_(one) for one in table.bounds)]
    return " · ".join(said)


def file_name(table: Table, extension: str) -> str:
    """`req-2026-11-01-2026-11-30.xlsx`."""
    return f"{table.report.key}-{table.first}-{table.last}.{extension}"
