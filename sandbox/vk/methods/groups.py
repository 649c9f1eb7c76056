"""Settings of a community: who it is, what its token may do, Long Poll."""

from __future__ import annotations

from sandbox.vk.errors import VkError
from sandbox.vk.state import Json
from sandbox.vk.strict import BOOL, EVENTS, INT, NEED_INT, STR, Context, method

ANY_EVENT = dict.fromkeys(sorted(EVENTS), BOOL)


def own(context: Context) -> None:
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
    own(context)
    events = context.world.events[context.group.id]
    if not events.longpoll:
        raise VkError(100, "longpoll for this group is not enabled")
    url = f"{context.world.base_url}/lp/{context.group.id}"
    return {"key": events.key, "server": url, "ts": str(events.ts)}


@method("groups.setLongPollSettings", group_id=NEED_INT, enabled=BOOL, api_version=STR, **ANY_EVENT)
def set_long_poll(context: Context) -> int:
    own(context)
    manage(context)
    events = context.world.events[context.group.id]
    events.longpoll = context.get("enabled", events.longpoll)
    for name in EVENTS & context.params.keys():
        (events.wanted.add if context.params[name] else events.wanted.discard)(name)
    return 1


def manage(context: Context) -> None:
    if "manage" not in context.group.permissions:
        raise VkError(7, "Permission to perform this action is denied")
