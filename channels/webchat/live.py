"""Live news for visitors: the topic of a chat, and this process's ear for it."""

from __future__ import annotations

import orjson

from crm_core.kernel import wake
from crm_core.kernel.wake import Wakeups

TYPING = orjson.dumps({"typing": True}).decode()
_ear: Wakeups | None = None


def use(wakeups: Wakeups) -> None:
    """Take the process's ear; once, when the program is put together."""
    global _ear  # noqa: PLW0603 - one ear per process
    _ear = wakeups


def ear() -> Wakeups:
    """The process's ear; a deaf one without `use`: streams then live by looking."""
    return _ear or Wakeups()


def topic(channel: int, chat: str) -> str:
    """What stirs when something changed for one visitor; the manager's typing is its data."""
    return f"visitor:{channel}:{chat}"


async def stir(channel: int, chat: str) -> None:
    """Something is to be seen for this visitor."""
    await wake.notify(topic(channel, chat))


async def manager_types(channel: int, chat: str) -> None:
    await wake.notify(topic(channel, chat), TYPING)


async def visitor_types(channel: int, chat: str) -> None:
    """For whoever shows it: topic `typing:<channel>:<chat>`; nothing is stored."""
    await wake.notify(f"typing:{channel}:{chat}")
