"""Turns an `InputFile` parameter into a stored file: an upload, or a known file_id."""

from __future__ import annotations

from sandbox.botapi.context import Context
from sandbox.botapi.decode import Upload
from sandbox.botapi.errors import ApiError, bad_request, not_emulated
from sandbox.botapi.images import image_size
from sandbox.botapi.state import File, Json

_ATTACH = "attach://"
# A document's id may not come back as a photo and so on; these pairs are one kind of file.
_NAMES = {"video_note": "VideoNote", "voice": "VoiceNote"}


def input_file(context: Context, kind: str, value: str, meta: Json) -> File:
    """The file meant by a parameter; `meta` describes an upload (sizes, duration, title)."""
    upload = _upload(context, value)
    if upload is None:
        return _known(context, kind, value)
    if not upload.data:
        raise bad_request("file must be non-empty")
    if kind == "photo":
        meta = meta | _picture(context, upload)
    described = {key: each for key, each in meta.items() if each is not None}
    return context.world.files.add(
        kind, upload.data, name=upload.name, mime=upload.mime, meta=described
    )


def _upload(context: Context, value: str) -> Upload | None:
    if not value.startswith(_ATTACH):
        return None
    upload = context.files.get(value.removeprefix(_ATTACH))
    if upload is None:
        raise bad_request(f"there is no file {value} in the request")
    return upload


def _known(context: Context, kind: str, value: str) -> File:
    if value.startswith(("http://", "https://", "file:")):
        raise not_emulated("sending a file by URL")
    file = context.world.files.resolve(context.bot.id, value)
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if file.kind != kind:
        raise bad_request(f"can't use file of type {_title(file.kind)} as {_title(kind)}")
    return file


def _title(kind: str) -> str:
    return _NAMES.get(kind, kind.capitalize())


def _picture(context: Context, upload: Upload) -> Json:
    if len(upload.data) > context.world.config.max_photo:
        raise ApiError(413, "Request Entity Too Large")
    size = image_size(upload.data)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = size
    if width + height > 10_000 or max(size) > 20 * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return {"width": width, "height": height}
