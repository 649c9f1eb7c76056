"""Orders that begin something as AMI actions: calling out, listening in, a pause. Pure."""

from __future__ import annotations

from typing import Any

from crm_core.calls.orders import Order
from telephony.asterisk.callactions import OVER
from telephony.asterisk.config import Config, safe
from telephony.asterisk.lines import Lines
from telephony.contracts import Refusal

SPY = {"listen": "qE", "whisper": "qwE", "barge": "qBE"}
# Originating waits for the person's own phone to be picked up.
OWN_PHONE_SECONDS = 30


def dial(order: Order, config: Config) -> dict[str, Any]:
    extension, number = order.data["extension"], order.data["number"]
    wanted = config.dialled(number)
    return {
        "Action": "Originate",
        "Channel": config.channel_of(extension),
        "Context": "pult-dial",
        "Exten": wanted,
        "Priority": "1",
        "CallerID": f'"{safe(number)}" <{safe(number)}>',
        "Timeout": str(OWN_PHONE_SECONDS * 1000),
        "ChannelId": order.call_key or "",
        "Variable": [f"PULT_EXT={safe(extension)}", f"PULT_CONTEXT={config.context}"],
        "Async": "true",
    }


def listen(order: Order, config: Config, lines: Lines) -> dict[str, Any]:
    spied = lines.phones.get(order.data["spied"])
    if spied is None:
        raise Refusal(OVER)
    return {
        "Action": "Originate",
        "Channel": config.channel_of(order.data["extension"]),
        "Application": "ChanSpy",
        "Data": f"{spied},{SPY[order.data['mode']]}",
        "CallerID": f"{order.data['mode']} <{safe(order.data['spied'])}>",
        "Timeout": str(OWN_PHONE_SECONDS * 1000),
        "ChannelId": f"pult-listen-{order.id}",
        "Async": "true",
    }


def pause(order: Order, config: Config) -> dict[str, Any]:
    return {
        "Action": "QueuePause",
        "Interface": config.channel_of(order.data["extension"]),
        "Paused": "true" if order.data["paused"] else "false",
        "Reason": safe(order.data.get("reason", "")),
    }
