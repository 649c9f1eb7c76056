"""Collecting a mailbox over IMAP: new mail at once, old mail little by little, nothing twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from channels.email.config import MEGABYTE, Config
from channels.email.imap import FolderState, ImapBox
from channels.email.keeping import Keeper, today
from channels.email.letters import Place, Read
from channels.email.progress import Progress, batches, windows
from channels.email.worker import Worker
from crm_core.accounts import cursors

log = structlog.get_logger(__name__)

# New mail must be seen within a minute, also where the server forgets to tell about it.
IDLE_SECONDS = 45.0
WITHOUT_IDLE_SECONDS = 30.0
WINDOW, WINDOWS = 2000, 500
BATCH, BATCH_BYTES = 50, 4 * MEGABYTE
# Old mails collected before it is looked for new ones again.
OLD_AT_ONCE = 500


@dataclass(slots=True, kw_only=True)
class ImapSync:
    """One connected mailbox; `box` is open. Raises DeliveryErrors of the box."""

    box: ImapBox
    worker: Worker
    keeper: Keeper
    config: Config
    progress: dict[str, Progress] = field(default_factory=dict)
    sent: str = ""

    async def start(self) -> list[str]:
        """Folders to read; all of them could be opened."""
        folders = await self._places()
        for folder in folders:
            await self._select(folder)
        return folders

    async def run(self, folders: Sequence[str]) -> None:
        """Collect until cancelled."""
        while True:
            if not await self.round(folders):
                await self._wait(folders[0])

    async def _places(self) -> list[str]:
        """Folders to read: those of the settings, and Sent if it is wanted and there."""
        folders = list(dict.fromkeys(self.config.folders))
        found = await self.worker.call(sent_folder, self.box, self.config)
        self.sent = found or ""
        if self.config.read_sent and self.sent and self.sent not in folders:
            folders.append(self.sent)
        return folders

    async def round(self, folders: Sequence[str]) -> bool:
        """All new mail, and a portion of the old; whether old mail is left."""
        behind = []
        for folder in folders:
            state = await self._select(folder)
            progress = self.progress[folder]
            await self._collect(folder, (progress.last + 1, state.uidnext - 1), old=False)
            if self.progress[folder].behind:
                behind.append(folder)
        if behind:
            folder = behind[0]
            await self._select(folder)
            progress = self.progress[folder]
            await self._collect(folder, (progress.done + 1, progress.top), old=True)
        return any(self.progress[folder].behind for folder in folders)

    async def _wait(self, folder: str) -> None:
        state = await self._select(folder)
        if state.uidnext - 1 > self.progress[folder].last:
            return  # it came since we looked, and is no news to the server any more
        if not await self.worker.call(self.box.wait, IDLE_SECONDS):
            await asyncio.sleep(WITHOUT_IDLE_SECONDS)

    async def _select(self, folder: str) -> FolderState:
        """Open the folder and know how far it is collected."""
        state = await self.worker.call(self.box.select, folder)
        known = self.progress.get(folder) or await self._loaded(folder)
        if known is None or not known.fits(state.uidvalidity, self.config.since):
            if known is not None:
                log.warning("mail_folder_anew", channel=self.keeper.account.id, folder=folder)
            since = self.config.since or (known.day if known else today())
            known = Progress.begun(state.uidvalidity, state.uidnext, since)
            await self._save(folder, known)
        self.progress[folder] = known
        return state

    async def _loaded(self, folder: str) -> Progress | None:
        found = await cursors.read(self.keeper.account.id, cursor_name(folder))
        return None if found is None else Progress.load(found)

    async def _save(self, folder: str, progress: Progress) -> None:
        self.progress[folder] = progress
        await cursors.write(self.keeper.account.id, cursor_name(folder), progress.dump())

    async def _collect(self, folder: str, span: tuple[int, int], *, old: bool) -> None:
        """Bring a range of UIDs into the hub; of old mail only a portion."""
        progress, taken = self.progress[folder], 0
        # What comes now may be of yesterday by the server's clock.
        day = progress.day if old else progress.day - timedelta(days=1)
        place = Place(folder=folder, uidvalidity=progress.uidvalidity, sent=folder == self.sent)
        for low, high in windows(*span, WINDOW, WINDOWS):
            found = await self.worker.call(self.box.uids, low, high, day)
            async for reached, count in self._window(place, found):
                await self._reached(folder, reached, old=old)
                taken += count
                if old and taken >= OLD_AT_ONCE:
                    return
            await self._reached(folder, high, old=old)

    async def _reached(self, folder: str, uid: int, *, old: bool) -> None:
        progress = self.progress[folder]
        reached = progress.reaching(old=uid) if old else progress.reaching(new=uid)
        await self._save(folder, reached)

    async def _window(self, place: Place, uids: Sequence[int]) -> AsyncIterator[tuple[int, int]]:
        """Store the mails of one window; yields (last UID that is stored, how many) per batch.

        While one batch is being stored the next one is on its way from the server.
        """
        wanted = [int(one) for one in await self.keeper.unknown(place, [str(one) for one in uids])]
        if not wanted:
            return
        sizes = await self.worker.call(self.box.sizes, wanted)
        # In the order of the UIDs: what is stored must be everything up to a point.
        portions = batches(dict(sorted(sizes.items())), BATCH, BATCH_BYTES)
        coming = [self._fetched(one) for one in portions[:1]]
        for number, portion in enumerate(portions):
            found = await coming.pop()
            if number + 1 < len(portions):
                coming.append(self._fetched(portions[number + 1]))
            await self.keeper.keep(place, found)
            yield max(portion), len(portion)

    def _fetched(self, sizes: dict[int, int]) -> asyncio.Future[list[Read]]:
        return self.worker.start(lambda: self.keeper.read(self.box.letters(sizes)))


def sent_folder(box: ImapBox, config: Config) -> str | None:
    """The folder of sent mail: the one set, or the one the server names, if any."""
    if config.sent_folder:
        return config.sent_folder
    return next((name for name, use in box.folders().items() if use == "\\Sent"), None)


def cursor_name(folder: str) -> str:
    return f"imap:{folder}"[:200]
