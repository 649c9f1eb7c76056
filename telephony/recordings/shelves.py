"""Where each connected PBX keeps its recordings, by its settings."""

from __future__ import annotations

from pathlib import Path

from crm_core.calls import pbxes
from telephony.recordings.names import Shelf


async def shelf_of(pbx_id: int | None) -> Shelf | None:
    """The shelf of a PBX; None when the PBX is gone or nothing is set for it."""
    found = await pbxes.pbx(pbx_id) if pbx_id else None
    if found is None:
        return None
    config = found.config
    folder, url = config.get("recordings_dir"), config.get("recordings_url")
    if not folder and not url:
        return None
    return Shelf(
        folder=Path(folder) if folder else None,
        url=str(url or ""),
        user=str(config.get("recordings_user") or ""),
        password=str(config.get("recordings_password") or ""),
    )
