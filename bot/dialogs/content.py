"""What a manager wrote, ready for an answer: text, formatting, files brought into the store."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from aiogram.methods import GetFile

from bot.dialogs.filewords import MEGABYTE
from channels.telegram.api import Api
from channels.telegram.parse import parse
from channels.telegram.wire import DOWNLOAD_LIMIT
from crm_core.dialogs import codec
from crm_core.dialogs.messages import FileRef, InboundEdit, InboundMessage, Kind
from crm_core.files.store import store
from crm_core.kernel import db
from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_

NAMES = {"image/jpeg": "photo.jpg", "audio/ogg": "voice.ogg", "video/mp4": "video.mp4"}
STORED = """
INSERT INTO stored_file (sha, size, mime) VALUES ($1, $2, $3) ON CONFLICT (sha) DO NOTHING
"""


def read(raw: dict[str, Any]) -> InboundMessage | InboundEdit | None:
    """The message in an update; None for what Telegram itself wrote. Pure."""
    for event in parse(raw):
        if isinstance(event, InboundMessage | InboundEdit):
            return event
    return None


async def extra_of(api: Api, message: InboundMessage) -> dict[str, Any]:
    """`extra` of dialog.reply: files are downloaded; Invalid says what can't be sent."""
    if message.kind is Kind.UNSUPPORTED:
        raise Invalid(N_("This can't be passed on to a client: send a text or a file instead."))
    return {
        "entities": codec.dump_entities(message.entities),
        "files": [await _kept(api, file) for file in message.files],
        "contact": asdict(message.contact) if message.contact else None,
        "location": asdict(message.location) if message.location else None,
        "album": message.album,
    }


async def _kept(api: Api, file: FileRef) -> dict[str, Any]:
    if file.unavailable:
        raise Invalid(
            N_("The file is larger than %(limit)s MB: Telegram does not give it to bots."),
            limit=DOWNLOAD_LIMIT // MEGABYTE,
        )
    found = await api.call(GetFile(file_id=file.ref), again=True)
    kept = await store().put(api.stream(found["file_path"]), limit=DOWNLOAD_LIMIT)
    await db.execute(STORED, kept.sha, kept.size, kept.mime)
    mime = file.mime or kept.mime
    return {
        "sha": kept.sha,
        "kind": file.kind.value,
        "name": (file.name or NAMES.get(mime) or "file")[:255],
        "mime": mime[:120],
        "size": kept.size,
        "width": file.width,
        "height": file.height,
        "duration": file.duration,
    }
