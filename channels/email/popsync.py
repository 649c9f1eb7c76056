"""Collecting a mailbox over POP3: by UIDL, nothing twice, nothing deleted unless told so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date

from channels.email.config import MEGABYTE, Config
from channels.email.keeping import Keeper, today
from channels.email.letters import Letter, Place
from channels.email.pop import Listed, PopBox
from channels.email.worker import Worker
from crm_core.accounts import cursors

POLL_SECONDS = 40.0
PLACE = Place()
SLICE = 1000
BATCH, BATCH_BYTES = 25, 4 * MEGABYTE
CURSOR = "pop3"
OLDER = "older than the day chosen"


@dataclass(slots=True, kw_only=True)
class PopSync:
    """One session with a mailbox; `box` is open. Raises DeliveryErrors of the box."""

    box: PopBox
    worker: Worker
    keeper: Keeper
    config: Config

    async def run(self) -> None:
        """Collect what is new, then delete what is kept here if that was asked for."""
        since = await self._since()
        listed = await self.worker.call(self.box.listed)
        for first in range(0, len(listed), SLICE):
            part = listed[first : first + SLICE]
            await self._slice(part, since)
            if self.config.pop_delete:
                await self._delete(part)

    async def _since(self) -> date:
        """The day chosen, or the one on which the mailbox was connected."""
        if self.config.since is not None:
            return self.config.since
        kept = await cursors.read(self.keeper.account.id, CURSOR)
        if kept is None:
            kept = {"since": today().isoformat()}
            await cursors.write(self.keeper.account.id, CURSOR, kept)
        return date.fromisoformat(str(kept["since"]))

    async def _slice(self, part: Sequence[Listed], since: date) -> None:
        unknown = set(await self.keeper.unknown(PLACE, [one.uidl for one in part]))
        skipped = await self.keeper.known([_skip(one, since) for one in part])
        letters: list[Letter] = []
        old: list[str] = []
        for one in part:
            if one.uidl not in unknown or _skip(one, since) in skipped:
                continue
            if await self._is_old(one, since):
                old.append(_skip(one, since))
                continue
            letters.append(await self.worker.call(self.box.letter, one))
            if len(letters) == BATCH or sum(len(it.raw) for it in letters) > BATCH_BYTES:
                await self._keep(letters)
                letters = []
        await self._keep(letters)
        await self.keeper.skip(old, OLDER)

    async def _is_old(self, one: Listed, since: date) -> bool:
        moment = await self.worker.call(self.box.day, one)
        # By the sender's clock or by ours: what comes now must not be of yesterday anywhere.
        return moment is not None and max(moment.date(), moment.astimezone(UTC).date()) < since

    async def _keep(self, letters: Sequence[Letter]) -> None:
        found = await self.worker.call(self.keeper.read, letters)
        await self.keeper.keep(PLACE, found)

    async def _delete(self, part: Sequence[Listed]) -> None:
        """Only what is kept here: a raw event of its own stands for it."""
        lacking = set(await self.keeper.unknown(PLACE, [one.uidl for one in part]))
        for one in part:
            if one.uidl not in lacking:
                await self.worker.call(self.box.delete, one)


def _skip(one: Listed, since: date) -> str:
    """The key under which a mail is known as too old; another day asks anew."""
    return f"pop3-before:{since}:{one.uidl}"[:200]
