"""Asterisk as a PBX of Pult: watches by AMI, answers CURL(), carries out orders."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from functools import partial
from typing import ClassVar

import structlog
from pydantic import BaseModel

from crm_core.calls.orders import Order
from crm_core.kernel import clock
from crm_core.kernel.i18n import N_
from crm_core.kernel.supervisor import Crew
from routing.contracts import CheckReport, HookReply, HookRequest
from telephony.asterisk import actions, asking, callactions, checking, hook, snippets
from telephony.asterisk.ami import Address, AmiLink, LinkDown, WrongSecret
from telephony.asterisk.config import Config as Settings
from telephony.asterisk.following import Unreadable, follow
from telephony.asterisk.learning import WANTED
from telephony.asterisk.lines import Lines
from telephony.asterisk.log import LogReader
from telephony.asterisk.parse import name_of, parse
from telephony.asterisk.table import TableReader
from telephony.asterisk.tracker import Tracker
from telephony.contracts import Desk, PbxAccount, Refusal

log = structlog.get_logger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
LOG_EVERY = 15.0
# What several events of one moment become is stored at once.
BREATH = 0.02
NO_LINK = N_("There is no link to the PBX at the moment.")


class Pbx:
    """One Asterisk. See telephony.contracts.Pbx."""

    TITLE: ClassVar[str] = "Asterisk"
    Config: ClassVar[type[BaseModel]] = Settings

    def __init__(self, account: PbxAccount) -> None:
        assert isinstance(account.config, Settings)  # noqa: S101 - built from our own Config
        self._account, self._config = account, account.config
        self._tracker = Tracker(self._config.rules())
        self._link: AmiLink | None = None
        self._blocks: deque[str] = deque()
        self._stirred = asyncio.Event()
        self._waits = False
        self._desk: Desk | None = None
        self._answers = Crew()
        self._readers = readers(self._config, account.name)

    @property
    def linked(self) -> bool:
        return self._link is not None

    async def run(self, desk: Desk) -> None:
        self._tracker.restore(await desk.living())
        self._desk = desk
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._keep_linked(desk))
                tasks.create_task(self._keep_storing(desk))
                for reader in self._readers:
                    step = partial(reader.step, desk, self._tracker)
                    tasks.create_task(follow(step, self._account.name, LOG_EVERY))
        finally:
            await self._answers.close(grace=0.0)

    async def _keep_linked(self, desk: Desk) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                await self._linked(desk)
                pause = FIRST_PAUSE
            except (LinkDown, Refusal) as error:
                await desk.broken(str(error))
                log.warning("pbx_unreachable", pbx=self._account.id, reason=str(error))
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _linked(self, desk: Desk) -> None:
        """From log-in until the link is lost."""
        link = AmiLink(self._address, self._heard)
        try:
            await link.open()
            await self._resync(link, desk)
            self._link = link
            await desk.broken(None)
            log.info("pbx_linked", pbx=self._account.id, version=link.version)
            await link.watch()
        finally:
            self._link = None
            link.close()
        log.warning("pbx_link_lost", pbx=self._account.id)

    @property
    def _address(self) -> Address:
        config = self._config
        secret = config.secret.get_secret_value()
        return Address(host=config.host, port=config.port, username=config.username, secret=secret)

    def _heard(self, block: str) -> None:
        name = name_of(block)
        if name in WANTED:
            self._blocks.append(block)
            self._stirred.set()
        elif name == asking.EVENT and self._link is not None and self._desk is not None:
            asked = asking.answer(parse(block), self._desk, self._config.opening, self._link)
            self._answers.start(asked)

    async def _resync(self, link: AmiLink, desk: Desk) -> None:
        """Which calls live now; what has gone meanwhile is closed.

        Events wait until the list is here: what they tell may be newer than it.
        """
        self._digest()
        self._waits = True
        try:
            pong = await link.ask({"Action": "Ping"})
            living = await link.listing({"Action": "CoreShowChannels"})
        finally:
            self._waits = False
        at = float(pong.get("Timestamp") or clock.now().timestamp())
        over = self._tracker.resync(living, at)
        self._stirred.set()
        await desk.record(over)

    async def _keep_storing(self, desk: Desk) -> None:
        while True:
            await self._stirred.wait()
            self._stirred.clear()
            self._digest()
            changed = self._tracker.changed()
            if changed:
                await desk.record(changed)
                await asyncio.sleep(BREATH)

    def _digest(self) -> None:
        if self._waits:
            return
        at = clock.now().timestamp()
        while self._blocks:
            self._tracker.feed(parse(self._blocks.popleft()), at)

    async def receive(self, request: HookRequest, path: str, desk: Desk) -> HookReply:
        return await hook.answer(request, path, desk, self._config.opening)

    async def carry_out(self, order: Order) -> None:
        link = self._link
        if link is None:
            raise Refusal(NO_LINK)
        try:
            await self._do(link, order)
        except LinkDown as error:
            raise Refusal(str(error)) from None

    async def _do(self, link: AmiLink, order: Order) -> None:
        if order.verb == "dial":
            await self._originate(link, actions.dial(order, self._config))
        elif order.verb == "listen":
            wanted = actions.listen(order, self._config, self._lines(order))
            await self._originate(link, wanted)
        elif order.verb == "pause":
            # Who stands in no queue of the PBX has nothing to pause there.
            with suppress(Refusal):
                await link.ask(actions.pause(order, self._config))
        elif order.verb == "transfer":
            await self._transfer(link, order)
        else:
            await link.ask(self._action(order))

    def _action(self, order: Order) -> dict[str, object]:
        lines = self._lines(order)
        if order.verb == "hangup":
            return callactions.hangup(lines)
        if order.verb == "hold":
            return callactions.hold(order, lines)
        if order.verb == "resume":
            return callactions.resume(order, lines)
        if order.verb == "take":
            return callactions.take(order, self._config, lines)
        raise Refusal(N_("This PBX can't do that."))

    async def _transfer(self, link: AmiLink, order: Order) -> None:
        """Who speaks hands over by their phone; what nobody has taken is led to the other one."""
        lines = self._lines(order)
        if order.data["kind"] == "blind" and self._tracker.talking(order.call_key or ""):
            await link.ask(
                callactions.blind(order, self._config, lines.own(order.data["extension"]))
            )
        else:
            await link.ask(callactions.transfer(order, self._config, lines))

    def _lines(self, order: Order) -> Lines:
        lines = self._tracker.lines(order.call_key or "")
        if lines is None:
            raise Refusal(callactions.OVER)
        return lines

    async def _originate(self, link: AmiLink, action: dict[str, object]) -> None:
        answer = await link.ask(action, patience=actions.OWN_PHONE_SECONDS + 5)
        if answer.get("Response") == "Failure":
            cause = await self._cause(str(action["ChannelId"]))
            raise Refusal(checking.why_not_rung(answer.get("Reason", ""), cause))

    async def _cause(self, key: str) -> int | None:
        """Why a phone was not picked up: told a moment after the refusal itself."""
        for _ in range(20):
            self._digest()
            cause = self._tracker.cause(key)
            if cause is not None or not self._tracker.holds(key):
                return cause
            await asyncio.sleep(0.05)
        return None

    async def check(self) -> CheckReport:
        link = AmiLink(self._address, lambda _block: None)
        try:
            await link.open()
            return await self._with_log(await checking.check(link, self._config))
        except WrongSecret as error:
            return CheckReport(ok=False, line=f"{error}. {checking.SECRET_HELP}")
        except LinkDown as error:
            return CheckReport(ok=False, line=f"{error}. {checking.REFUSED_HELP}")
        finally:
            link.close()

    async def _with_log(self, report: CheckReport) -> CheckReport:
        try:
            for reader in self._readers:
                await reader.check()
        except (OSError, Unreadable) as error:
            return CheckReport(ok=False, line=f"{report.line}; its log of calls: {error}")
        return report

    def setup(self) -> str:
        return snippets.of(self._config, self._account.hook_url)

    async def close(self) -> None:
        if self._link is not None:
            self._link.close()


def readers(config: Settings, name: str) -> list[LogReader | TableReader]:
    """Of the PBX's own log of calls, wherever it is kept."""
    file = [LogReader(config, name)] if config.cdr_file else []
    return [*file, *([TableReader(config)] if config.cdr_dsn.get_secret_value() else [])]
