"""The whole pretended Telegram in memory: bots, people, chats, queues. No I/O."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, TypeVar

from sandbox.botapi.actor import Actor
from sandbox.botapi.calls import CallLog
from sandbox.botapi.clock import Clock, RealClock
from sandbox.botapi.config import Config
from sandbox.botapi.faults import Faults
from sandbox.botapi.feed import Feed, Subscription
from sandbox.botapi.files import FileStore
from sandbox.botapi.hooks import Webhook
from sandbox.botapi.limits import RateLimits
from sandbox.botapi.profile import commands_for, menu_button_for
from sandbox.botapi.screen import chat_screen
from sandbox.botapi.state import Bot, Callback, Chat, Json, User
from sandbox.botapi.updates import UpdateQueue

T = TypeVar("T")

_FIRST_USER_ID = 500_000_001
_FIRST_GROUP_ID = 4_000_001
_SUPERGROUP_BASE = -1_000_000_000_000


class World:
    """State of the sandbox and the doors to it. Use it from one event loop only."""

    def __init__(self, *, clock: Clock | None = None, config: Config | None = None) -> None:
        self.clock: Clock = clock or RealClock()
        self.config = config or Config()
        self.feed = Feed()
        self.faults = Faults()
        self.calls = CallLog()
        self.files = FileStore(self.config, self.clock)
        self.rates = RateLimits(self.clock)
        self.users: dict[int, User] = {}
        self.bots: dict[int, Bot] = {}
        self.groups: dict[int, Chat] = {}
        self.privates: dict[tuple[int, int], Chat] = {}
        self.queues: dict[int, UpdateQueue] = {}
        self.webhooks: dict[int, Webhook] = {}
        self.callbacks: dict[str, Callback] = {}
        self.violations: list[str] = []
        self._numbers = itertools.count(1)

    # --- who is there -----------------------------------------------------------------------

    def add_bot(self, token: str, first_name: str = "Bot", **flags: Any) -> Bot:
        """A bot account; `flags` are the fields of `Bot`, and `username`."""
        bot_id = int(token.partition(":")[0])
        username = flags.pop("username", f"sandbox{bot_id}_bot")
        user = User(id=bot_id, first_name=first_name, username=username, is_bot=True)
        bot = Bot(token=token, user=user, **flags)
        self.bots[bot_id] = bot
        first_update = 1_000_000 + 1000 * len(self.bots)
        self.queues[bot_id] = UpdateQueue(self.clock, first_update, self.feed.touch)
        self.webhooks[bot_id] = Webhook()
        return bot

    def add_user(self, first_name: str, **fields: Any) -> User:
        """A person; `fields` are those of `User`. The id is given when none is named."""
        fields.setdefault("id", _FIRST_USER_ID + len(self.users))
        user = User(first_name=first_name, **fields)
        self.users[user.id] = user
        return user

    def add_group(self, title: str, *, kind: str = "supergroup", is_forum: bool = False) -> Chat:
        """A `group` or `supergroup` without members; see `sandbox.botapi.groups` to fill it."""
        number = _FIRST_GROUP_ID + len(self.groups)
        chat_id = -number if kind == "group" else _SUPERGROUP_BASE - number
        chat = Chat(
            id=chat_id, type=kind, title=title, is_forum=is_forum, instance=self.next_number()
        )
        chat.last_message_id = 1 if is_forum else 0  # 1 is the General topic of a forum
        self.groups[chat_id] = chat
        return chat

    def private(self, bot: Bot, user: User) -> Chat:
        """The private chat of a bot and a person; it exists, but may be not started."""
        key = (bot.id, user.id)
        if key not in self.privates:
            self.privates[key] = Chat(
                id=user.id, type="private", bot_id=bot.id, user=user, instance=self.next_number()
            )
        return self.privates[key]

    def actor(self, user: User, where: Bot | Chat) -> Actor:
        """The person at work in a private chat with a bot, or in a group."""
        chat = self.private(where, user) if isinstance(where, Bot) else where
        return Actor(world=self, user=user, chat=chat)

    def bot_by_token(self, token: str) -> Bot | None:
        return next((bot for bot in self.bots.values() if bot.token == token), None)

    def next_number(self) -> str:
        """A fresh digit string for ids that are strings."""
        return str(7_000_000_000 + next(self._numbers))

    # --- watching ---------------------------------------------------------------------------

    def publish(self, kind: str, chat: Chat, **fields: Any) -> None:
        """Tell the feed: kind, chat_id, bot_id (None in groups), at, and what is special."""
        head = {"kind": kind, "chat_id": chat.id, "bot_id": chat.bot_id or None}
        self.feed.publish(head | {"at": self.clock.now()} | fields)

    def subscribe(self) -> Subscription:
        """An async iterator of change dicts."""
        return self.feed.subscribe()

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 20.0) -> T:
        """Wait (real seconds) until `predicate()` is truthy; it is asked after every change."""
        return await self.feed.wait_for(predicate, timeout)

    def screen(self, user_id: int, bot_id: int) -> Json:
        """The private chat of a person with a bot as the person sees it."""
        chat = self.private(self.bots[bot_id], self.users[user_id])
        return chat_screen(self, chat, user_id=user_id)

    def group_screen(self, user_id: int, chat_id: int) -> Json:
        """A group as one of its members sees it."""
        return chat_screen(self, self.groups[chat_id], user_id=user_id)

    def commands_for(self, chat: Chat, user_id: int) -> list[Json]:
        return commands_for(self.bots[chat.bot_id], chat, self.users[user_id])

    def menu_button_for(self, chat: Chat) -> Json:
        return menu_button_for(self.bots[chat.bot_id], chat)
