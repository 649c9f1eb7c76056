"""Live PBX connections: one object per active row, made anew when its row changes."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from pydantic import ValidationError

from crm_core.calls import connecting, orders, pbxes
from crm_core.kernel.errors import CrmError
from crm_core.kernel.locks import Locks
from crm_core.kernel.supervisor import Crew, Supervisor
from crm_core.kernel.wake import Wakeups, wait
from routing.calls.deciding import forget_old
from routing.contracts import HookReply, HookRequest
from routing.runner import alone
from telephony.contracts import Pbx, PbxAccount, Refusal
from telephony.desk import PbxDesk
from telephony.registry import kind

log = structlog.get_logger(__name__)

POLL, ORDERS_POLL = 10.0, 2.0


@dataclass(frozen=True, slots=True)
class Live:
    """A running connection."""

    row: pbxes.PbxRow
    pbx: Pbx
    desk: PbxDesk


class PbxRunner:
    """Keeps the PBX connections of this process alive.

    With `works` it also watches and carries out orders: one process at a time per PBX. Questions
    about routing are answered by every process.
    """

    def __init__(self, wakeups: Wakeups, *, public_url: str | None, works: bool = True) -> None:
        self._wakeups, self._public_url, self._works = wakeups, public_url, works
        self._live: dict[int, Live] = {}
        self._refused: dict[int, int] = {}
        self._supervisor = Supervisor()
        self._locks = Locks()

    def linked(self, pbx_id: int) -> bool:
        """Whether this process watches the PBX at this moment."""
        live = self._live.get(pbx_id)
        return live is not None and live.pbx.linked

    async def run(self) -> None:
        with self._wakeups.event(connecting.TOPIC) as stirred:
            try:
                await forget_old()
                while True:
                    await self.refresh()
                    await wait(stirred, POLL)
            finally:
                for pbx_id in list(self._live):
                    await self._stop(pbx_id)
                await self._locks.close()

    async def refresh(self) -> None:
        """Bring what runs in line with the rows."""
        wanted = {row.id: row for row in await pbxes.pbxes(active_only=True)}
        for pbx_id, live in list(self._live.items()):
            row = wanted.get(pbx_id)
            if row is None or row.revision != live.row.revision:
                await self._stop(pbx_id)
        for pbx_id, row in wanted.items():
            if pbx_id not in self._live and self._refused.get(pbx_id) != row.revision:
                await self._start(row)

    async def _start(self, row: pbxes.PbxRow) -> None:
        try:
            pbx = build(row, self._public_url)
        except (ValidationError, CrmError) as error:
            self._refused[row.id] = row.revision
            log.warning("pbx_not_started", pbx=row.id, reason=type(error).__name__)
            await pbxes.set_broken(row.id, "the settings can't be used: run `pult pbx check`")
            return
        live = self._live[row.id] = Live(row, pbx, PbxDesk(row.id))
        if self._works:
            self._supervisor.start(f"pbx:{row.id}", lambda: self._watch(live))
        log.info("pbx_started", pbx=row.id, kind=row.kind)

    async def _stop(self, pbx_id: int) -> None:
        live = self._live.pop(pbx_id)
        await self._supervisor.cancel(f"pbx:{pbx_id}")
        await live.pbx.close()

    async def _watch(self, live: Live) -> None:
        async def work() -> None:
            supervisor = Supervisor()
            supervisor.start("orders", lambda: self._orders(live))
            try:
                await live.pbx.run(live.desk)
            finally:
                await supervisor.stop()

        await alone(self._locks, f"pbx:{live.row.id}", work)

    async def _orders(self, live: Live) -> None:
        """Orders are carried out side by side: one may wait for somebody to pick up."""
        crew = Crew()
        try:
            with self._wakeups.event(orders.TOPIC) as stirred:
                while True:
                    await orders.drop_late(live.row.id)
                    while (order := await orders.take(live.row.id)) is not None:
                        crew.start(carry_out(live.pbx.carry_out, order))
                    await wait(stirred, ORDERS_POLL)
        finally:
            await crew.close(grace=1.0)

    async def receive(
        self, pbx_id: str, secret: str, path: str, request: HookRequest
    ) -> HookReply | None:
        """Answer a PBX's HTTP call; None when the secret is not its own."""
        live = self._live.get(int(pbx_id)) if pbx_id.isdecimal() else None
        expected = live.row.hook_secret if live else "-" * 32
        if not hmac.compare_digest(expected.encode(), secret.encode()) or live is None:
            return None
        return await live.pbx.receive(request, path, live.desk)


async def carry_out(act: Callable[[orders.Order], Awaitable[None]], order: orders.Order) -> None:
    """Do one order and tell how it ended."""
    try:
        await act(order)
    except Refusal as error:
        await orders.finish(order.id, str(error) or "refused")
    except Exception:
        log.exception("order_failed", order=order.id, verb=order.verb)
        await orders.finish(order.id, orders.NOT_TOLD)
    else:
        await orders.finish(order.id)


def build(row: pbxes.PbxRow, public_url: str | None) -> Pbx:
    """A PBX object for a row; ValidationError when its settings are wrong."""
    made = kind(row.kind)
    base = public_url.rstrip("/") if public_url else None
    hook = f"{base}/hooks/pbx/{row.id}/{row.hook_secret}" if base else None
    config = made.Config.model_validate(row.config)
    return made(PbxAccount(id=row.id, name=row.name, hook_url=hook, config=config))
