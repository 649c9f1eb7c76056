"""Callback servers of a community: listed, added, changed, told what to hear."""

from __future__ import annotations

from sandbox.vk.communities import CallbackServer
from sandbox.vk.errors import VkError
from sandbox.vk.methods.groups import ANY_EVENT, manage, own
from sandbox.vk.state import Json
from sandbox.vk.strict import EVENTS, IDS, NEED_INT, NEED_STR, STR, Context, Param, method

SERVER = {
    "url": NEED_STR,
    "title": Param("str", required=True, longest=14),
    "secret_key": Param("str", longest=50),
}


@method("groups.getCallbackConfirmationCode", group_id=NEED_INT)
def confirmation_code(context: Context) -> Json:
    own(context)
    return {"code": context.group.confirmation}


@method("groups.getCallbackServers", group_id=NEED_INT, server_ids=IDS)
def callback_servers(context: Context) -> Json:
    own(context)
    items = [server.json() for server in context.group.servers]
    return {"count": len(items), "items": items}


@method("groups.addCallbackServer", group_id=NEED_INT, **SERVER)
def add_server(context: Context) -> Json:
    own(context)
    manage(context)
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
    own(context)
    manage(context)
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
    own(context)
    manage(context)
    server = _server(context)
    for name in EVENTS & context.params.keys():
        (server.events.add if context.params[name] else server.events.discard)(name)
    return 1


def _server(context: Context) -> CallbackServer:
    for server in context.group.servers:
        if server.id == context.get("server_id"):
            return server
    raise VkError(104, "Not found")
