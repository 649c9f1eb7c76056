"""Finding reports: every module of `library` that has a `REPORT`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from crm_core.kernel.errors import NotFound
from crm_core.kernel.i18n import N_
from crm_core.reports import library
from crm_core.reports.definition import Report


@cache
def reports() -> Mapping[str, Report]:
    """All of them by key, in the order of their keys."""
    found: dict[str, Report] = {}
    for module in pkgutil.iter_modules(library.__path__):
        loaded = importlib.import_module(f"{library.__name__}.{module.name}")
        report: Report | None = getattr(loaded, "REPORT", None)
        if report is None:
            continue
        if report.key in found:
            message = f"report {report.key!r} is defined twice"
            raise ValueError(message)
        found[report.key] = report
    return dict(sorted(found.items()))


def find(key: str) -> Report:
    known = reports()
    if key not in known:
        raise NotFound(
            N_("There is no report %(key)s. Known: %(known)s."), key=key, known=", ".join(known)
        )
    return known[key]
