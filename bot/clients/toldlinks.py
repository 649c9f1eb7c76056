"""Facts about contact persons and requisites in one line each. Pure."""

from __future__ import annotations

from collections.abc import Callable

from bot.clients.names import Names
from crm_core.clients.timeline import TimelineItem
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

TITLES = {
    "inn": N_("INN"),
    "kpp": N_("KPP"),
    "ogrn": N_("OGRN"),
    "legal_name": N_("Legal name"),
    "address": N_("Address"),
}


def _position(item: TimelineItem) -> str:
    position = item.data.get("position")
    return f" · {position}" if position else ""


def _person_linked(item: TimelineItem, _names: Names) -> str:
    return _("Contact person added: %(person_name)s") % item.data + _position(item)


def _person_unlinked(item: TimelineItem, _names: Names) -> str:
    return _("No longer a contact person: %(person_name)s") % item.data + _position(item)


def _company_linked(item: TimelineItem, _names: Names) -> str:
    return _("Contact person of %(company_name)s") % item.data + _position(item)


def _company_unlinked(item: TimelineItem, _names: Names) -> str:
    return _("No longer a contact person of %(company_name)s") % item.data + _position(item)


def _main(item: TimelineItem, _names: Names) -> str:
    name = item.data.get("person_name") or _("nobody")
    return _("Main contact: %(name)s") % {"name": name}


def _changed(item: TimelineItem, _names: Names) -> str:
    position = item.data.get("position") or "—"
    return f"{item.data.get('person_name')}: {item.data.get('before') or '—'} → {position}"


def _requisites(item: TimelineItem, _names: Names) -> str:
    after = item.data.get("after", {})
    parts = [f"{_(TITLES.get(name, name))} {value or '—'}" for name, value in after.items()]
    return _("Requisites: %(values)s") % {"values": ", ".join(parts)}


def _kind(item: TimelineItem, _names: Names) -> str:
    if item.data.get("kind") == "company":
        return _("It is a company's card now")
    return _("It is a person's card now")


FACTS: dict[str, tuple[str, Callable[[TimelineItem, Names], str]]] = {
    "PersonLinked": ("👥", _person_linked),
    "PersonUnlinked": ("👥", _person_unlinked),
    "CompanyLinked": ("🏢", _company_linked),
    "CompanyUnlinked": ("🏢", _company_unlinked),
    "MainPersonSet": ("⭐", _main),
    "PositionChanged": ("✏️", _changed),
    "RequisitesChanged": ("🧾", _requisites),
    "ClientKindSet": ("🔁", _kind),
}
