"""Settings of a community: who it is, Long Poll, Callback servers."""

from __future__ import annotations

from sandbox.vk.errors import VkError
from sandbox.vk.state import CallbackServer, Json
from sandbox.vk.strict import (
    BOOL,
    EVENTS,
    IDS,
    INT,
    NEED_INT,
    NEED_STR,
    STR,
    Context,
    Param,
    method,
)

ANY_EVENT = dict.fromkeys(sorted(EVENTS), BOOL)
SERVER = {
    "url": NEED_STR,
    "title": Param("str", required=True, longest=14),
    "secret_key": Param("str", longest=50),
}


def _own(context: Context) -> None:
    if context.get("group_id") != context.group.id:
        raise VkError(15, "Access denied: the token is of another community")


@method("groups.getById", group_id=INT, group_ids=STR, fields=STR)
def get_by_id(context: Context) -> Json:
    group = context.world.groups.get(context.get("group_id", context.group.id))
    if group is None:
        raise VkError(100, "group_ids is undefined")
    shown = {"id": group.id, "name": group.name, "screen_name": f"club{group.id}"}
    return {"groups": [shown | {"is_closed": 0, "type": "group"}], "profiles": []}


@method("groups.getTokenPermissions")
def permissions(context: Context) -> Json:
    found = [{"name": name, "setting": 1 << n} for n, name in enumerate(context.group.permissions)]
    return {"mask": (1 << len(found)) - 1, "permissions": found}


@method("groups.getLongPollServer", group_id=NEED_INT)
def long_poll_server(context: Context) -> Json:
    _own(context)
    events = context.world.events[context.group.id]
    if not events.longpoll:
        raise VkError(100, "longpoll for this group is not enabled")
    url = f"{context.world.base_url}/lp/{context.group.id}"
    return {"key": events.key, "server": url, "ts": str(events.ts)}


@method("groups.setLongPollSettings", group_id=NEED_INT, enabled=BOOL, api_version=STR, **ANY_EVENT)
def set_long_poll(context: Context) -> int:
    _own(context)
    _manage(context)
    events = context.world.events[context.group.id]
    events.longpoll = context.get("enabled", events.longpoll)
    for name in EVENTS & context.params.keys():
        (events.wanted.add if context.params[name] else events.wanted.discard)(name)
    return 1


@method("groups.getCallbackConfirmationCode", group_id=NEED_INT)
def confirmation_code(context: Context) -> Json:
    _own(context)
    return {"code": context.group.confirmation}


@method("groups.getCallbackServers", group_id=NEED_INT, server_ids=IDS)
def callback_servers(context: Context) -> Json:
    _own(context)
    items = [server.json() for server in context.group.servers]
    return {"count": len(items), "items": items}


@method("groups.addCallbackServer", group_id=NEED_INT, **SERVER)
def add_server(context: Context) -> Json:
    _own(context)
    _manage(context)
    if len(context.group.servers) >= 10:
        raise VkError(2000, "Servers number limit is reached")
    server = CallbackServer(
        id=len(context.group.servers) + 1,
        url=context.get("url"),
        title=context.get("title"),
        secret=context.get("secret_key", ""),
    )
    context.group.servers.append(server)
    context.world.events[context.group.id].confirm(server)
    return {"server_id": server.id}


@method("groups.editCallbackServer", group_id=NEED_INT, server_id=NEED_INT, **SERVER)
def edit_server(context: Context) -> int:
    _own(context)
    _manage(context)
    server = _server(context)
    server.url, server.secret = context.get("url"), context.get("secret_key", "")
    server.status = "unconfigured"
    context.world.events[context.group.id].confirm(server)
    return 1


@method(
    "groups.setCallbackSettings",
    group_id=NEED_INT,
    server_id=NEED_INT,
    api_version=STR,
    **ANY_EVENT,
)
def set_settings(context: Context) -> int:
    _own(context)
    _manage(context)
    server = _server(context)
    for name in EVENTS & context.params.keys():
        (server.events.add if context.params[name] else server.events.discard)(name)
    return 1


def _server(context: Context) -> CallbackServer:
    for server in context.group.servers:
        if server.id == context.get("server_id"):
            return server
    raise VkError(104, "Not found")


def _manage(context: Context) -> None:
    if "manage" not in context.group.permissions:
        raise VkError(7, "Permission to perform this action is denied")
