"""What Telegram says of our own bot, kept for the roles that don't talk to it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from crm_core.kernel import memory

VIEW, KEY = "bot", "me"


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """`topics`: private chats with this bot can have topics (Bot API 9.3 and later)."""

    id: int = 0
    username: str = ""
    topics: bool = False


async def me() -> Me:
    """As remembered; before the first start nothing is known."""
    found = await memory.get(VIEW, KEY)
    return Me(**found) if found else Me()


async def remember(found: Me) -> None:
    await memory.put(VIEW, KEY, asdict(found))
