"""Parameters of methods: unknown ones and wrong ones are refused. Source: methods.json 5.199."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.vk.communities import Community
from sandbox.vk.errors import invalid
from sandbox.vk.state import Json

if TYPE_CHECKING:
    from sandbox.vk.world import World

COMMON = frozenset({"access_token", "v", "lang", "test_mode"})
EVENTS = frozenset(
    {
        "message_new",
        "message_reply",
        "message_edit",
        "message_event",
        "message_read",
        "message_allow",
        "message_deny",
        "message_typing_state",
        "market_order_new",
        "market_order_edit",
    }
)


@dataclass(frozen=True, slots=True)
class Param:
    """`kind`: int, str, bool, float, ids (integers with commas), json."""

    kind: str
    required: bool = False
    longest: int = 0
    among: tuple[str, ...] = ()


@dataclass(slots=True)
class Context:
    """A checked call."""

    world: World
    group: Community
    method: str
    params: Json

    def get(self, name: str, default: Any = None) -> Any:
        return self.params.get(name, default)


Handler = Callable[[Context], Any | Awaitable[Any]]
HANDLERS: dict[str, Handler] = {}
PARAMS: dict[str, dict[str, Param]] = {}

INT, NEED_INT = Param("int"), Param("int", required=True)
STR, NEED_STR = Param("str"), Param("str", required=True)
BOOL, IDS, FLOAT, JSON = Param("bool"), Param("ids"), Param("float"), Param("json")


def method(name: str, **params: Param) -> Callable[[Handler], Handler]:
    """Register the handler of a method with all parameters it may be given."""

    def keep(handler: Handler) -> Handler:
        HANDLERS[name], PARAMS[name] = handler, params
        return handler

    return keep


def checked(name: str, given: dict[str, str]) -> Json:
    """The parameters as values; VkError 100 names the first wrong one."""
    known, found = PARAMS[name], {}
    for key, text in given.items():
        if key in COMMON:
            continue
        if key not in known:
            raise invalid(f"unknown parameter {key} of {name}")
        found[key] = _value(key, known[key], text)
    for key, param in known.items():
        if param.required and key not in found:
            raise invalid(f"{key} is undefined")
    return found


def _value(key: str, param: Param, text: str) -> Any:
    if param.longest and len(text) > param.longest:
        raise invalid(f"{key} is longer than {param.longest}")
    if param.among and text not in param.among:
        raise invalid(f"{key} is not one of {', '.join(param.among)}")
    try:
        return KINDS[param.kind](text)
    except (KeyError, ValueError):
        raise invalid(f"{key} should be {param.kind}") from None


KINDS: dict[str, Callable[[str], Any]] = {
    "int": int,
    "float": float,
    "str": str,
    "bool": lambda text: {"0": False, "1": True}[text],
    "ids": lambda text: [int(one) for one in text.split(",")],
    "json": json.loads,
}
