"""A mailbox is listened to for ever: connected anew after every trouble, its cause made known."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog

from channels.email.config import Config
from channels.email.imap import ImapBox
from channels.email.keeping import Keeper
from channels.email.oauth import Tokens
from channels.email.pop import PopBox
from channels.email.popsync import POLL_SECONDS, PopSync
from channels.email.sync import ImapSync
from channels.email.worker import Worker
from crm_core.accounts.commands import set_broken
from routing.contracts import ChannelBroken, DeliveryError, RetryLater

log = structlog.get_logger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0
# Services lock an account whose wrong password is tried too often.
BROKEN_PAUSE = 300.0


@dataclass(slots=True, kw_only=True)
class Listener:
    """Collects one mailbox until cancelled."""

    keeper: Keeper
    config: Config
    tokens: Tokens
    failures: int = 0
    marked: bool = False

    async def run(self) -> None:
        if self.config.incoming == "none":
            await asyncio.Event().wait()
        while True:
            try:
                await self._session()
            except DeliveryError as error:
                await self._wait_out(error)

    async def _session(self) -> None:
        """One connection; IMAP's lasts until it breaks, POP3's as long as there is something."""
        token = await self.tokens.access()
        if self.config.incoming == "pop3":
            await self._pop(PopBox(self.config, token))
            await asyncio.sleep(POLL_SECONDS)
        else:
            await self._imap(ImapBox(self.config, token))

    async def _imap(self, box: ImapBox) -> None:
        async with Worker(box, self.keeper.account.name) as worker:
            await worker.call(box.open)
            sync = ImapSync(box=box, worker=worker, keeper=self.keeper, config=self.config)
            folders = await sync.start()
            await self._works()
            await sync.run(folders)

    async def _pop(self, box: PopBox) -> None:
        async with Worker(box, self.keeper.account.name) as worker:
            await worker.call(box.open)
            await self._works()
            sync = PopSync(box=box, worker=worker, keeper=self.keeper, config=self.config)
            await sync.run()

    async def _works(self) -> None:
        self.failures = 0
        if self.marked:
            self.marked = False
            await set_broken(self.keeper.account.id, None)

    async def _wait_out(self, error: DeliveryError) -> None:
        self.failures += 1
        self.tokens.forget()
        seconds = min(FIRST_PAUSE * 2 ** min(self.failures - 1, 10), LONGEST_PAUSE)
        if isinstance(error, RetryLater):
            seconds = max(seconds, min(error.after, LONGEST_PAUSE))
        fresh_token_may_help = self.config.auth == "oauth2" and self.failures == 1
        if isinstance(error, ChannelBroken) and not fresh_token_may_help:
            seconds, self.marked = BROKEN_PAUSE, True
            await set_broken(self.keeper.account.id, str(error))
        name = self.keeper.account.name
        log.warning("mailbox_paused", channel=name, reason=str(error), seconds=seconds)
        await asyncio.sleep(seconds)
