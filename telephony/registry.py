"""Kinds of PBX by name."""

from __future__ import annotations

from crm_core.kernel.errors import NotFound
from telephony.asterisk.adapter import Pbx as Asterisk
from telephony.contracts import Pbx
from telephony.webhook.adapter import Pbx as Webhook

KINDS: dict[str, type[Pbx]] = {"asterisk": Asterisk, "webhook": Webhook}


def kind(name: str) -> type[Pbx]:
    if name not in KINDS:
        known = ", ".join(sorted(KINDS))
        raise NotFound(
            "There is no kind of PBX %(name)s. Known: %(known)s.", name=name, known=known
        )
    return KINDS[name]
