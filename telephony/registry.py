"""Kinds of PBX by name."""

from __future__ import annotations

from crm_core.kernel.errors import NotFound
from telephony.asterisk.adapter import Pbx as Asterisk
from telephony.contracts import Pbx

KINDS: dict[str, type[Pbx]] = {"asterisk": Asterisk}


def kind(name: str) -> type[Pbx]:
    if name not in KINDS:
        known = ", ".join(sorted(KINDS))
        raise NotFound(
            "There is no kind of PBX %(name)s. Known: %(known)s.", name=name, known=known
        )
    return KINDS[name]
