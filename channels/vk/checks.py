"""`pult channel check` for a VK community: one line that names it, or the cause."""

from __future__ import annotations

from typing import Any

from channels.vk.api import Api
from channels.vk.config import Config, uses_callback
from channels.vk.hook import NO_ADDRESS
from routing.contracts import CheckReport, DeliveryError

NEEDED = ("messages", "photos", "docs")


async def check(api: Api, config: Config, hook_url: str | None) -> CheckReport:
    """Ask which community it is, what the key may, and how events travel."""
    group = config.group_id
    try:
        community = _community(await api.call("groups.getById", again=True))
        if community.get("id") != group:
            return CheckReport(ok=False, line=f"The access key is not of the community {group}.")
        rights = await api.call("groups.getTokenPermissions", again=True)
        servers = await api.call("groups.getCallbackServers", again=True, group_id=group)
    except DeliveryError as error:
        return CheckReport(ok=False, line=str(error))
    names = {one.get("name") for one in rights.get("permissions", ())}
    missing = [one for one in NEEDED if one not in names]
    if missing:
        line = f"The access key lacks rights: {', '.join(missing)}. Make a new one with them."
        return CheckReport(ok=False, line=line)
    ok, state = _delivery(config, hook_url, servers.get("items", ()))
    facts = {"id": group, "name": community.get("name"), "rights": sorted(filter(None, names))}
    return CheckReport(ok=ok, line=f"{community.get('name')}: {state}", facts=facts)


def _community(found: Any) -> dict[str, Any]:
    """`{groups: [...]}`, or the list itself in old versions."""
    groups = found.get("groups") if isinstance(found, dict) else found
    return dict(groups[0]) if groups else {}


def _delivery(config: Config, hook_url: str | None, servers: Any) -> tuple[bool, str]:
    if not uses_callback(config, hook_url):
        return True, "Long Poll."
    if not hook_url:
        return False, NO_ADDRESS
    status = next((one.get("status") for one in servers if one.get("url") == hook_url), None)
    if status is None:
        return True, "the Callback server will be added on start."
    return status in {"ok", "wait"}, f"Callback API, its server's status is “{status}”."
