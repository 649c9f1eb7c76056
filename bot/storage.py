"""State of forms in PostgreSQL, so that a half-filled one survives a restart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiogram.fsm.state import State
from aiogram.fsm.storage.base import BaseStorage, StateType, StorageKey

from crm_core.kernel import clock, memory

VIEW = "fsm"
# A question nobody answered is over: later words must not become its answer.
LIFE = 3600.0


def _key(key: StorageKey) -> str:
    return f"{key.bot_id}:{key.chat_id}:{key.user_id}:{key.thread_id or 0}:{key.destiny}"


class PgStorage(BaseStorage):
    """One row per person and topic; none when nothing is asked."""

    async def _load(self, key: StorageKey) -> dict[str, Any]:
        kept = await memory.get(VIEW, _key(key))
        if kept is None or kept["at"] + LIFE < clock.now().timestamp():
            return {"state": None, "data": {}}
        return kept

    async def _save(self, key: StorageKey, kept: dict[str, Any]) -> None:
        if kept["state"] is None and not kept["data"]:
            await memory.drop(VIEW, _key(key))
        else:
            await memory.put(VIEW, _key(key), kept | {"at": clock.now().timestamp()})

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        name = state.state if isinstance(state, State) else state
        await self._save(key, await self._load(key) | {"state": name})

    async def get_state(self, key: StorageKey) -> str | None:
        state: str | None = (await self._load(key))["state"]
        return state

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        await self._save(key, await self._load(key) | {"data": dict(data)})

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        return dict((await self._load(key))["data"])

    async def close(self) -> None:
        """The database is not ours to close."""
