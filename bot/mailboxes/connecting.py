"""Connecting a mailbox: the address, where it lives, the password; tried before it is kept."""

from __future__ import annotations

from typing import Any

from aiogram.enums import ChatAction
from aiogram.types import CallbackQuery, Message

from bot import secret
from bot.desk import Desk
from bot.mailboxes import servers, trying, views
from bot.mailboxes.presses import ConnectPress, ServicePress
from bot.screen import Screen
from channels.email import providers
from channels.email.config import ADDRESS as LOOKS_RIGHT
from crm_core.accounts import mailboxes
from crm_core.kernel import secrets
from crm_core.kernel.actors import Right
from crm_core.kernel.errors import Conflict, Invalid
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.staff.queries import colleague

ADDRESS, SERVERS, PASSWORD = "mailbox.address", "mailbox.servers", "mailbox.password"
Draft = dict[str, Any]
# Draft: owner, address, servers (settings), password (encrypted)


async def begin(_query: CallbackQuery, callback_data: ConnectPress, desk: Desk) -> None:
    """First the address."""
    if callback_data.owner != desk.actor.id:
        desk.actor.require(Right.CHANNEL_WRITE)
    await desk.ask(ADDRESS, views.address(), owner=callback_data.owner)


async def addressed(message: Message, desk: Desk) -> None:
    """Then the password; before it the service, when the address does not tell it."""
    address = (message.text or "").strip()
    if not LOOKS_RIGHT.fullmatch(address):
        raise Invalid(N_("This is no mail address: it looks like anna@shop.ru."))
    draft = await desk.state.get_data() | {"address": address}
    if providers.of_address(address) is None:
        return await _ask(desk, SERVERS, views.places(address), draft)
    return await _ask(desk, PASSWORD, views.password(address, _hint(draft)), draft)


async def _ask(desk: Desk, form: str, screen: Screen, draft: Draft) -> None:
    """One form goes over into the other: a restart between them loses none."""
    await desk.ask(form, screen, **{key: one for key, one in draft.items() if key != "prompt"})


def _hint(draft: Draft) -> str:
    """What people forget at this service."""
    host = str(draft.get("servers", {}).get("smtp_host", ""))
    found = providers.of_address(draft["address"]) or providers.of_host(host)
    return _(found.hint) if found and found.hint else ""


async def chosen(_query: CallbackQuery, callback_data: ServicePress, desk: Desk) -> None:
    """A service instead of one's own servers, or (after a vain try) other servers."""
    draft = await desk.state.get_data()
    if "address" not in draft:
        raise Conflict(N_("This question is over: begin anew."))
    if callback_data.at == "servers":
        return await _ask(desk, SERVERS, views.places(draft["address"]), draft)
    return await _located(desk, draft | {"servers": servers.of_service(callback_data.at)})


async def served(message: Message, desk: Desk) -> None:
    draft = await desk.state.get_data()
    await _located(desk, draft | {"servers": servers.of_lines(message.text or "")})


async def _located(desk: Desk, draft: Draft) -> None:
    """Servers are known; a password given before is tried with them."""
    if "password" in draft:
        return await _try(desk, draft)
    return await _ask(desk, PASSWORD, views.password(draft["address"], _hint(draft)), draft)


async def passed(message: Message, desk: Desk) -> None:
    """The password: gone from the chat before anything else."""
    text = await secret.taken(desk, message)
    await _try(desk, await desk.state.get_data() | {"password": secrets.encrypt(text)})


async def _try(desk: Desk, draft: Draft) -> None:
    """Kept only when both servers let us in; else the cause, and the question once more."""
    await desk.bot.send_chat_action(desk.chat_id, ChatAction.TYPING)
    config = trying.complete(await _raw(draft))
    report = await trying.tried(config)
    if not report.ok:
        again = views.password(draft["address"], _hint(draft), trouble=_(report.line))
        return await _ask(desk, PASSWORD, again, draft)
    await desk.answers()
    number = await desk.run("mailbox.connect", config=config, owner_id=draft["owner"])
    found = await mailboxes.mailbox(desk.actor, number)
    await desk.say("✓ " + _(report.line))
    await desk.send(views.mailbox(found, desk.actor))
    return None


async def _raw(draft: Draft) -> dict[str, Any]:
    owner = await colleague(draft["owner"])
    return {
        "address": draft["address"],
        "password": secrets.decrypt(draft["password"]),
        "sender_name": owner.name if owner else "",
        **draft.get("servers", {}),
    }
