"""Reading form templates."""

from __future__ import annotations

from typing import Any

from crm_core.kernel import db

LIST = """
SELECT id, title, sender, subject, template FROM mail_form
WHERE active AND (channel_id IS NULL OR channel_id = $1) ORDER BY id
"""


async def templates(channel_id: int) -> dict[int, dict[str, Any]]:
    """Templates in force for a mailbox: number -> {title, sender, subject, template}."""
    rows = await db.fetch(LIST, channel_id)
    return {row["id"]: {key: row[key] for key in row.keys() if key != "id"} for row in rows}  # noqa: SIM118 - a record, not a dict
