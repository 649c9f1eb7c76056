"""Collected mail into the hub: the raw mail into the content store first, then the event."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from channels.email import letters
from channels.email.config import Config
from channels.email.letters import Digest, Letter, Place, Read
from crm_core.accounts import cursors
from crm_core.files.store import store
from crm_core.kernel import clock
from routing.contracts import Account, Intake, RawEvent

Body = dict[str, Any]
Placing = Callable[[int, Sequence[Body]], Awaitable[list[Body]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """Stores letters of one mailbox; `digest` reads them, `place` finds their conversations."""

    account: Account
    config: Config
    intake: Intake
    digest: Digest
    place: Placing

    def read(self, found: Sequence[Letter]) -> list[Read]:
        """Keep the bytes of letters and understand them; blocks: for the mailbox's own thread."""
        return [self._read(one) for one in found]

    def _read(self, letter: Letter) -> Read:
        return letters.read(letter, store().put_now(letter.raw).sha, self.digest, self.config.own)

    async def keep(self, place: Place, found: Sequence[Read]) -> int:
        """Store all of them in their order; how many were new. Raises when one can't be stored."""
        bodies = [letters.body(one, place, self.config) for one in found]
        bodies = await self.place(self.account.id, bodies)
        keys = (place.key(one.letter.uid)[:200] for one in found)
        events = [RawEvent(key=key, body=body) for key, body in zip(keys, bodies, strict=True)]
        return await self._accept(events)

    async def skip(self, keys: Iterable[str], reason: str) -> None:
        """Note under these keys that mails are not wanted."""
        await self._accept(
            [RawEvent(key=key, body=letters.skipped(key, self.config, reason)) for key in keys]
        )

    async def _accept(self, events: Sequence[RawEvent]) -> int:
        """Side by side, so that they share transactions; the pipe keeps their order."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self.intake.accept(one)) for one in events]
        return sum(task.result() for task in tasks)

    async def unknown(self, place: Place, uids: Sequence[str]) -> list[str]:
        """Those of the mails that were not stored yet, in order."""
        keys = {uid: place.key(uid)[:200] for uid in uids}
        stored = await self.known(list(keys.values()))
        return [uid for uid, key in keys.items() if key not in stored]

    async def known(self, keys: list[str]) -> set[str]:
        """Which of these keys there are."""
        return await cursors.known(self.account.id, keys)


def today() -> date:
    return clock.now().date()
