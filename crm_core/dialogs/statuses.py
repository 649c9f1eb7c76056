"""The status of an outgoing message from the states of its parts."""

from __future__ import annotations

from crm_core.dialogs.events import CorrectionFailed, MessageStatusChanged
from crm_core.kernel import db
from crm_core.kernel.journal import emit

# The least advanced part decides; what failed or is unknown comes before everything else.
REFRESH = """
WITH worst AS (
  SELECT state, error FROM outbox WHERE message_id = $1 AND kind = 'part'
  ORDER BY array_position(
    ARRAY['failed', 'unknown', 'queued', 'sending', 'sent', 'delivered', 'read'], state::text), id
  LIMIT 1)
UPDATE message m SET status = CASE worst.state WHEN 'sending' THEN 'queued' ELSE worst.state END
FROM worst, message old
WHERE m.id = $1 AND old.id = m.id
RETURNING m.dialog_id, m.client_id, m.status, old.status AS before, worst.error
"""


async def refresh_status(message_id: int) -> None:
    """Set the message's status from its parts; a change is a fact for the journal."""
    # Held before the parts are looked at: a receipt may come while another part is being sent.
    await db.execute("SELECT 1 FROM message WHERE id = $1 FOR UPDATE", message_id)
    row = await db.fetchrow(REFRESH, message_id)
    if row is None or row["status"] == row["before"]:
        return
    await emit(
        MessageStatusChanged(
            dialog_id=row["dialog_id"],
            client_id=row["client_id"],
            message_id=message_id,
            status=row["status"],
            error=row["error"] or "",
        )
    )


async def correction_failed(message_id: int, error: str) -> None:
    """A change of a sent message was not taken: a fact for the journal."""
    row = await db.fetchrow("SELECT dialog_id, client_id FROM message WHERE id = $1", message_id)
    if row is not None:
        await emit(CorrectionFailed(**dict(row), message_id=message_id, error=error))
