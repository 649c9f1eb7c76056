"""`pult channel check` for a Telegram bot: one line that names the bot, or the cause."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from aiogram.methods import GetMe, GetWebhookInfo

from channels.telegram.api import Api
from channels.telegram.config import Config, uses_webhook
from channels.telegram.hook import NO_ADDRESS
from routing.contracts import CheckReport, DeliveryError

CHECK_SECONDS = 10.0


async def check(api: Api, config: Config, hook_url: str | None) -> CheckReport:
    """Ask who the bot is and how its updates travel."""
    try:
        me = await api.call(GetMe(), seconds=CHECK_SECONDS, again=True)
        info = await api.call(GetWebhookInfo(), seconds=CHECK_SECONDS, again=True)
    except DeliveryError as error:
        return CheckReport(ok=False, line=str(error))
    ok, state = _delivery(info, uses_webhook(config, hook_url), hook_url)
    line = f"@{me.get('username')} ({me.get('first_name')}): {state}"
    return CheckReport(ok=ok, line=line, facts=_facts(me, info))


def _delivery(info: dict[str, Any], webhook: bool, hook_url: str | None) -> tuple[bool, str]:
    """Whether updates reach us, in words; addresses are cut to the host, they hold a secret."""
    current, waiting = info.get("url") or "", info.get("pending_update_count", 0)
    if not webhook:
        foreign = f"; a webhook at {_host(current)} will be removed on start" if current else ""
        return True, f"long polling, {waiting} updates wait{foreign}."
    if not hook_url:
        return False, NO_ADDRESS
    if current != hook_url:
        return True, f"webhook at {_host(hook_url)} will be set on start, {waiting} updates wait."
    if info.get("last_error_message") and waiting:
        return False, f"webhook fails: {info['last_error_message']}; {waiting} updates wait."
    return True, f"webhook at {_host(current)}, {waiting} updates wait."


def _host(url: str) -> str:
    return urlsplit(url).hostname or "?"


def _facts(me: dict[str, Any], info: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": me.get("id"),
        "username": me.get("username"),
        "reads_groups": me.get("can_read_all_group_messages"),
        "waiting": info.get("pending_update_count"),
        "webhook": bool(info.get("url")),
    }
