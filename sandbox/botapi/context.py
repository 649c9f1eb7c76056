"""One call at work: who calls, with what, and the usual questions a method asks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sandbox.botapi.access import Access, find_chat
from sandbox.botapi.decode import Upload
from sandbox.botapi.render import message_json
from sandbox.botapi.state import Bot, Chat, Json, Message
from sandbox.botapi.world import World


@dataclass(slots=True, kw_only=True)
class Context:
    """Handed to every method. `params` are validated and contain only what was given."""

    world: World
    bot: Bot
    method: str
    params: Json
    files: dict[str, Upload]

    def get(self, name: str, default: Any = None) -> Any:
        return self.params.get(name, default)

    def chat(self, access: Access, name: str = "chat_id") -> Chat:
        return find_chat(self.world, self.bot, self.params[name], access)

    def show(self, message: Message) -> Json:
        return message_json(self.world, message, self.bot.id)


Handler = Callable[[Context], Any | Awaitable[Any]]
HANDLERS: dict[str, Handler] = {}


def method(*names: str) -> Callable[[Handler], Handler]:
    """Register a function as the implementation of Bot API methods."""

    def register(handler: Handler) -> Handler:
        for name in names:
            HANDLERS[name.lower()] = handler
        return handler

    return register
