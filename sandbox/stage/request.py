"""Reads `POST /stage/act`: JSON, or a form with the part `data` (JSON) and parts `file`."""

from __future__ import annotations

import json
from dataclasses import dataclass

from aiohttp import BodyPartReader, web

from sandbox.stage.config import Json
from sandbox.stage.errors import StageError

_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as the browser sent it."""

    name: str
    mime: str
    data: bytes


async def read_act(request: web.Request, limit: int) -> tuple[Json, list[Upload]]:
    """The body and the files, at most `limit` bytes together; StageError when unreadable."""
    if not request.content_type.startswith("multipart/"):
        return _json(await request.text()), []
    body: Json = {}
    uploads: list[Upload] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise StageError("bad_request")
        data = await _read(part, limit - sum(len(each.data) for each in uploads))
        if part.name == "data":
            body = _json(data.decode("utf-8", "replace"))
        else:
            mime = part.headers.get("Content-Type", "application/octet-stream")
            uploads.append(Upload(part.filename or "file", mime, data))
    return body, uploads


async def _read(part: BodyPartReader, limit: int) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk(_CHUNK):
        data += chunk
        if len(data) > limit:
            raise StageError("too_big", 413)
    return bytes(data)


def _json(text: str) -> Json:
    try:
        body = json.loads(text)
    except ValueError:
        raise StageError("bad_request") from None
    if not isinstance(body, dict):
        raise StageError("bad_request")
    return body
