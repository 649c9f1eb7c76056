"""Everything the pretended Viber knows, and what went wrong between it and the hub."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.botapi.feed import Feed
from sandbox.viber.faults import Fault
from sandbox.viber.state import Bot, Chat, File, Json, User

HOUR = 3600.0
UNANSWERED = 100


@dataclass(slots=True)
class World:
    """Everything at once. `violations` are calls the real Viber would not have forgiven."""

    now: Callable[[], float] = time.time
    bots: dict[str, Bot] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    calls: list[tuple[str, Json]] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    refused_callbacks: list[tuple[str, int]] = field(default_factory=list)
    feed: Feed = field(default_factory=Feed)
    _tokens: itertools.count[int] = field(
        default_factory=lambda: itertools.count(4_912_661_846_655_238_145)
    )

    def add_bot(self, token: str, name: str, *, uri: str = "shop") -> Bot:
        bot = Bot(token=token, name=name, uri=uri)
        self.bots[token] = bot
        return bot

    def chat(self, bot: Bot, user: User) -> Chat:
        return bot.chats.setdefault(user.id, Chat(user=user))

    def next_token(self) -> int:
        return next(self._tokens)

    def keep(self, name: str, mime: str, data: bytes) -> File:
        file = File(id=f"{self.next_token():x}", name=name, mime=mime, data=data)
        self.files[file.id] = file
        return file

    def fault(self, method: str) -> Fault | None:
        """Take the scripted fault of a method, if there is one."""
        found = next((one for one in self.faults if one.method == method), None)
        if found:
            self.faults.remove(found)
        return found

    def publish(self, chat: Chat) -> None:
        self.feed.publish({"chat": chat.user.id})

    def room(self, chat: Chat) -> bool:
        """Whether this person may be sent one more message within the hour."""
        while chat.unanswered and chat.unanswered[0] <= self.now() - HOUR:
            chat.unanswered.popleft()
        return len(chat.unanswered) < UNANSWERED

    def wipe(self) -> None:
        """Forget what was said; bots, webhooks and numbering stay."""
        for bot in self.bots.values():
            for chat in bot.chats.values():
                chat.said.clear()
                chat.unanswered.clear()
                chat.subscribed = chat.opened = chat.left = False
                chat.keyboard = None
                chat.last_tracking = ""
                self.publish(chat)
