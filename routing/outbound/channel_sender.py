"""Sends outbox rows of a channel account through its channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crm_core.dialogs import codec
from crm_core.dialogs.acts import ACT
from crm_core.dialogs.messages import OutboundPart
from crm_core.files.store import store
from crm_core.kernel import db
from crm_core.kernel.i18n import N_
from routing.contracts import Acts, Channel, Rejected, Sent
from routing.lanes import OutRow

CAN_NOT = N_("This channel can't do that.")
NEVER_DELIVERED = N_("The original was never delivered: there is nothing to change.")
# The part that is edited has the same key as the one that was sent.
SENT_AS = """
SELECT external_id FROM outbox
WHERE message_id = $1 AND kind = 'part' AND data->>'key' = $2 AND external_id IS NOT NULL
"""


class ChannelSender:
    """A lane of one channel account (routing.lanes.LaneSender)."""

    resend_unknown = False

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self.pacing = channel.PACING

    def is_group(self, chat: str) -> bool:
        return self._channel.is_group(chat)

    async def send(self, chat: str, rows: Sequence[OutRow]) -> Sent:
        row = rows[0]
        if row.kind == ACT:
            return await self._act(row)
        part = _resolved(codec.load_part(row.data))
        if row.kind == "edit":
            return await self._edit(chat, row, part)
        return await self._channel.send(chat, part)

    async def _act(self, row: OutRow) -> Sent:
        if not isinstance(self._channel, Acts):
            raise Rejected(CAN_NOT)
        await self._channel.act(row.data["do"], row.data["target"], row.data["values"])
        return Sent(())

    async def _edit(self, chat: str, row: OutRow, part: OutboundPart) -> Sent:
        external_id = await db.fetchval(SENT_AS, row.message_id, part.key)
        if external_id is None:
            raise Rejected(NEVER_DELIVERED)
        await self._channel.edit(chat, external_id, part)
        return Sent((external_id,))


def _resolved(part: OutboundPart) -> OutboundPart:
    """Files by their place on disk instead of their SHA-256."""
    files = tuple(replace(file, path=str(store().path(file.path))) for file in part.files)
    return replace(part, files=files)
