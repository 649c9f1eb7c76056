"""Files of visitors into the store, files of managers out of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import quote

from aiohttp import BodyPartReader, MultipartReader, web

from channels.webchat import complaints, kinds, mailbox, tokens
from channels.webchat.config import FILES_MAX, MEGABYTE
from channels.webchat.desk import JSON_MAX, Desk, accept, charge, shaped, visitor
from channels.webchat.shapes import FileBody, MessageIn
from crm_core.files.store import TooLarge, store
from crm_core.kernel import clock
from routing.contracts import Intake

CHUNK = 64 * 1024
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "private, max-age=86400",
}


async def upload(desk: Desk, request: web.Request, intake: Intake) -> web.Response:
    """`POST files`: multipart of `message` (JSON as for `messages`), then one to ten `file`s."""
    who = visitor(desk, request)
    charge(desk.uploads, who)
    most = desk.config.max_file_mb
    if (request.content_length or 0) > most * MEGABYTE * FILES_MAX + JSON_MAX:
        raise complaints.too_big(most)
    if not request.content_type.startswith("multipart/"):
        raise complaints.malformed("multipart")
    try:
        said, files = await _parts(await request.multipart(), most)
    except ValueError:
        raise complaints.malformed("multipart") from None
    return await accept(desk, intake, who, said, files)


async def _parts(reader: MultipartReader, most: int) -> tuple[MessageIn, list[FileBody]]:
    said: MessageIn | None = None
    files: list[FileBody] = []
    async for part in reader:
        if not isinstance(part, BodyPartReader):
            raise complaints.malformed("multipart")
        if part.name == "message" and said is None:
            said = shaped(await _small(part), MessageIn)
        elif said is None:
            raise complaints.malformed("message")
        elif len(files) == FILES_MAX:
            raise complaints.too_many_files(FILES_MAX)
        else:
            files.append(await _keep(part, most))
    if said is None or not files:
        raise complaints.malformed("message" if said is None else "file")
    return said, files


async def _small(part: BodyPartReader) -> bytes:
    raw = bytearray()
    while chunk := await part.read_chunk(8192):
        raw += chunk
        if len(raw) > JSON_MAX:
            raise complaints.malformed("message")
    return bytes(raw)


async def _keep(part: BodyPartReader, most: int) -> FileBody:
    """Stream one file into the store."""
    name = kinds.safe_name(part.filename)
    if kinds.refused(name):
        raise complaints.bad_type(name)
    try:
        kept = await store().put(_chunks(part), limit=most * MEGABYTE)
    except TooLarge:
        raise complaints.too_big(most) from None
    kind, mime = kinds.classify(name, part.headers.get("Content-Type", ""), kept.mime)
    return FileBody(sha=kept.sha, kind=kind, name=name, mime=mime, size=kept.size)


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    while chunk := await part.read_chunk(CHUNK):
        yield chunk


async def download(desk: Desk, request: web.Request, name: str) -> web.StreamResponse:
    """`GET files/{name}`: a file of a message this visitor may see; supports ranges."""
    now = clock.now()
    number = tokens.attachment_of(name, now)
    if number is None:
        raise complaints.gone()
    row = await mailbox.attachment(desk.channel, number)
    if row is None or not row["sha"] or not tokens.genuine(name, row["chat"]):
        raise complaints.nowhere()
    mime = row["mime"] if kinds.drawn(row["mime"]) else kinds.PLAIN
    shown = "inline" if kinds.drawn(row["mime"]) else "attachment"
    disposition = f"{shown}; filename*=UTF-8''{quote(kinds.safe_name(row['name']))}"
    headers = HEADERS | {"Content-Type": mime, "Content-Disposition": disposition}
    path = store().path(row["sha"])
    return web.FileResponse(path, headers=headers)
