"""Stored living calls in the shape adapters work with: what was known before a restart."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from crm_core.calls.queries import CallView, LegView, by_keys, living
from crm_core.calls.shapes import CallSeen, LegSeen, Transfer
from crm_core.kernel import db

KEYS = "SELECT id, key FROM call_leg WHERE call_id = ANY($1::bigint[])"
_CALL = [one.name for one in dataclasses.fields(CallSeen) if one.name not in {"legs", "transfers"}]
_LEG = [one.name for one in dataclasses.fields(LegSeen) if one.name != "key"]


async def living_seen(pbx_id: int) -> list[CallSeen]:
    """Calls that had not ended when they were stored last."""
    return await _all(await living(pbx_id))


async def seen_of(pbx_id: int, keys: Sequence[str]) -> list[CallSeen]:
    """Calls by the PBX's own ids of them, ended or not."""
    return await _all(await by_keys(pbx_id, keys))


async def _all(views: Sequence[CallView]) -> list[CallSeen]:
    keys = {row["id"]: row["key"] for row in await db.fetch(KEYS, [view.id for view in views])}
    return [_seen(view, keys) for view in views]


def _seen(view: CallView, keys: dict[int, str]) -> CallSeen:
    fields: dict[str, Any] = {name: getattr(view, name, None) for name in _CALL}
    legs = tuple(_leg(leg, keys[leg.id]) for leg in view.legs if leg.id in keys)
    transfers = tuple(
        Transfer(**{**one, "at": datetime.fromisoformat(str(one["at"]))}) for one in view.transfers
    )
    return CallSeen(**fields, legs=legs, transfers=transfers)


def _leg(leg: LegView, key: str) -> LegSeen:
    return LegSeen(key=key, **{name: getattr(leg, name) for name in _LEG})
