"""Where adapters hand over: calls are stored whatever it takes, questions answered in time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog

from crm_core.calls import pbxes
from crm_core.calls.reconcile import reconcile
from crm_core.calls.record import record
from crm_core.calls.seen import living_seen, seen_of
from crm_core.calls.shapes import CallSeen
from crm_core.kernel import db
from routing.calls.deciding import answer
from telephony.contracts import Answer, Change, Opening, Question

log = structlog.get_logger(__name__)

RETRY = 1.0
# The PBX waits two seconds; an answer that comes later is not heard.
IN_TIME = 1.5


class PbxDesk:
    """The desk of one PBX. See telephony.contracts.Desk."""

    def __init__(self, pbx_id: int) -> None:
        self._id = pbx_id

    async def record(self, calls: Sequence[CallSeen]) -> None:
        while True:
            try:
                await record(self._id, calls)
            except db.AWAY:
                log.warning("calls_wait_for_database", pbx=self._id, calls=len(calls))
                await asyncio.sleep(RETRY)
            except Exception:
                log.exception("calls_not_stored", pbx=self._id, calls=len(calls))
                await self._one_by_one(calls)
                return
            else:
                return

    async def _one_by_one(self, calls: Sequence[CallSeen]) -> None:
        """One call that can't be stored must not cost the others."""
        for call in calls:
            try:
                await record(self._id, [call])
            except Exception:
                log.exception("call_not_stored", pbx=self._id, call=call.key)

    async def living(self) -> list[CallSeen]:
        return await living_seen(self._id)

    async def amend(self, keys: Sequence[str], change: Change) -> None:
        async with db.transaction():
            await db.fetchval("SELECT 1 FROM pbx WHERE id = $1 FOR UPDATE", self._id)
            known = {call.key: call for call in await seen_of(self._id, keys)}
            await record(self._id, change(known))

    async def reconcile(self, calls: Sequence[CallSeen]) -> int:
        return await reconcile(self._id, calls)

    async def decide(self, question: Question, opening: Opening) -> Answer:
        try:
            async with asyncio.timeout(IN_TIME):
                return await answer(self._id, question, opening)
        except db.AWAY:  # a time-out, too: the PBX goes on by itself
            log.warning("call_not_routed", pbx=self._id, call=question.key)
            return Answer()

    async def broken(self, reason: str | None) -> None:
        await pbxes.set_broken(self._id, reason)

    async def memory(self) -> dict[str, Any]:
        return await pbxes.memory(self._id)

    async def remember(self, **values: Any) -> None:
        await pbxes.remember(self._id, **values)
