"""Rows tests begin with: people, queues, channels, clients' messages."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from crm_core.accounts.commands import Settings
from crm_core.accounts.commands import add as add_channel
from crm_core.dialogs.messages import InboundMessage, Sender
from crm_core.kernel import clock
from crm_core.kernel.actors import SYSTEM, Actor, Role
from crm_core.staff import commands as staff
from crm_core.staff.queries import actor_of_employee

_numbers = itertools.count(1)


async def employee(
    name: str = "Анна", *, role: Role = Role.MANAGER, presence: staff.Presence = "on", **rest: Any
) -> Actor:
    """Somebody of the staff, in the default queue if there is one."""
    details = staff.Details(**{key: rest[key] for key in ("capacity", "language") if key in rest})
    employee_id = await staff.add(
        SYSTEM, name=name, role=role, telegram_id=rest.get("telegram_id"), details=details
    )
    await staff.change_presence(employee_id, presence)
    found = await actor_of_employee(employee_id)
    assert found is not None
    return found


async def queue(name: str = "Продажи", strategy: staff.Strategy = "least_loaded") -> int:
    return await staff.save_queue(SYSTEM, name=name, strategy=strategy)


async def channel(kind: str = "webchat", name: str = "Сайт", **config: Any) -> int:
    return await add_channel(SYSTEM, kind=kind, name=name, settings=Settings(config=config))


def message(chat: str = "c1", text: str = "Здравствуйте", **rest: Any) -> InboundMessage:
    """A client's message with a fresh external id."""
    number = next(_numbers)
    sender = rest.pop("sender", None) or Sender(external_id=chat, name=f"Клиент {chat}")
    at = rest.pop("at", None) or clock.now() + timedelta(microseconds=number)
    external_id = rest.pop("external_id", f"{chat}:{number}")
    return InboundMessage(
        external_id=external_id, chat=chat, sender=sender, at=at, text=text, **rest
    )
