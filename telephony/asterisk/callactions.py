"""Orders about a call that is under way as AMI actions: lead it on, hold it, end it. Pure."""

from __future__ import annotations

from typing import Any

from crm_core.calls.orders import Order
from crm_core.kernel.i18n import N_
from telephony.asterisk.config import Config, safe
from telephony.asterisk.lines import Lines
from telephony.contracts import Refusal

OVER = N_("The call is over.")


def hangup(lines: Lines) -> dict[str, Any]:
    channel = lines.client or lines.own(None)
    return {"Action": "Hangup", "Channel": channel, "Cause": "16"}


def transfer(order: Order, config: Config, lines: Lines) -> dict[str, Any]:
    """Attended and blind transfers by one's phone; a call that still rings is led elsewhere."""
    to = config.dialled(order.data["to"])
    target = {"Context": config.context, "Exten": to, "Priority": "1"}
    if order.data["kind"] == "attended":
        own = lines.own(order.data.get("extension"))
        return {"Action": "Atxfer", "Channel": own, "Async": "false", **target}
    if lines.client is None:
        raise Refusal(OVER)
    return {"Action": "Redirect", "Channel": lines.client, **target}


def blind(order: Order, config: Config, own: str) -> dict[str, Any]:
    to = config.dialled(order.data["to"])
    return {"Action": "BlindTransfer", "Channel": own, "Context": config.context, "Exten": to}


def take(order: Order, config: Config, lines: Lines) -> dict[str, Any]:
    if lines.client is None:
        raise Refusal(OVER)
    return {
        "Action": "Redirect",
        "Channel": lines.client,
        "Context": config.context,
        "Exten": safe(order.data["to"]),
        "Priority": "1",
    }


def hold(order: Order, lines: Lines) -> dict[str, Any]:
    """The client hears music, the person's phone waits."""
    if lines.client is None:
        raise Refusal(OVER)
    return {
        "Action": "Redirect",
        "Channel": lines.client,
        "Context": "pult-hold",
        "Exten": "music",
        "Priority": "1",
        "ExtraChannel": lines.own(order.data.get("extension")),
        "ExtraContext": "pult-hold",
        "ExtraExten": "wait",
        "ExtraPriority": "1",
    }


def resume(order: Order, lines: Lines) -> dict[str, Any]:
    if lines.client is None:
        raise Refusal(OVER)
    own = lines.own(order.data.get("extension"))
    return {"Action": "Bridge", "Channel1": lines.client, "Channel2": own, "Tone": "no"}
