"""Upload servers, and making photos and documents of what was uploaded."""

from __future__ import annotations

from sandbox.vk import objects
from sandbox.vk.errors import VkError, invalid
from sandbox.vk.state import File, Json
from sandbox.vk.strict import BOOL, INT, NEED_STR, STR, Context, Param, method


@method("photos.getMessagesUploadServer", peer_id=INT)
def photo_server(context: Context) -> Json:
    url = f"{context.world.base_url}/upload/photo"
    return {"upload_url": url, "album_id": -64, "group_id": context.group.id, "user_id": 0}


@method("photos.saveMessagesPhoto", photo=NEED_STR, server=INT, hash=NEED_STR)
def save_photo(context: Context) -> list[Json]:
    file = _uploaded(context, context.get("hash"), "photo")
    if context.get("photo") in {"", "[]"}:
        raise invalid("photos_list is invalid")
    body = objects.photo(context.world, file, -context.group.id)
    file.saved = {"type": "photo", "body": body}
    return [body]


@method(
    "docs.getMessagesUploadServer",
    peer_id=INT,
    type=Param("str", among=("doc", "audio_message", "graffiti")),
)
def doc_server(context: Context) -> Json:
    return {"upload_url": f"{context.world.base_url}/upload/{context.get('type', 'doc')}"}


@method("docs.save", file=NEED_STR, title=STR, tags=STR, return_tags=BOOL)
def save_doc(context: Context) -> Json:
    token = context.get("file")
    kind = token.split("-")[0]
    file = _uploaded(context, token, kind)
    owner = -context.group.id
    if kind == "audio_message":
        body = objects.voice(context.world, file, owner)
    else:
        file.name = context.get("title") or file.name
        body = objects.doc(context.world, file, owner)
    file.saved = {"type": kind, "body": body}
    return {"type": kind, kind: body}


def _uploaded(context: Context, token: str, kind: str) -> File:
    for file in context.world.files.values():
        if file.token == token and file.kind == kind:
            return file
    raise VkError(105, "Couldn't save file")
