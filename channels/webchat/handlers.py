"""Facts that visitors see at once: who has taken the dialog, that an answer has left."""

from __future__ import annotations

from collections.abc import Sequence

from channels.webchat import live
from crm_core.dialogs.events import (
    DialogAccepted,
    DialogClosed,
    DialogReturned,
    DialogTransferred,
    MessageEdited,
    MessageStatusChanged,
)
from crm_core.kernel import db
from crm_core.kernel.journal import Recorded
from crm_core.kernel.pump import Handler

CHATS = """
SELECT d.channel_id, d.chat FROM dialog d JOIN channel c ON c.id = d.channel_id
WHERE d.id = ANY($1::bigint[]) AND c.kind = 'webchat'
"""


async def stir_visitors(recorded: Sequence[Recorded]) -> None:
    """Let the streams of these dialogs look again."""
    dialogs = {one.event.dialog_id for one in recorded if one.event.dialog_id is not None}
    for row in await db.fetch(CHATS, sorted(dialogs)):
        await live.stir(row["channel_id"], row["chat"])


HANDLERS = (
    Handler(
        "webchat.visitors",
        (
            DialogAccepted,
            DialogClosed,
            DialogReturned,
            DialogTransferred,
            MessageEdited,
            MessageStatusChanged,
        ),
        stir_visitors,
    ),
)
