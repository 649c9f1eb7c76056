"""A secret somebody writes to the bot: gone from the chat at once, never in clear in the base."""

from __future__ import annotations

from aiogram.types import Message

from bot.desk import Desk
from crm_core.kernel import db, secrets

SEAL = """
UPDATE raw_event SET body = jsonb_set(body, '{message,text}', to_jsonb($2::text))
WHERE channel_id = 0 AND key = $1
"""


async def taken(desk: Desk, message: Message) -> str:
    """What was written. The message is deleted, the stored update keeps it encrypted only.

    Encrypted, not wiped: an update handled again after a crash must find what it holds.
    """
    text = (message.text or "").strip()
    if text.startswith(secrets.PREFIX):
        text = secrets.decrypt(text)
    await db.execute(SEAL, str(desk.update_id), secrets.encrypt(text))
    await desk.remove(message.message_id)
    return text
