"""HTTP request -> parameters: query, form, multipart and JSON, nested JSON, uploads."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from aiogram.methods.base import TelegramMethod
from aiohttp import BodyPartReader, web

from sandbox.botapi.errors import ApiError, bad_request
from sandbox.botapi.state import Json

_TRUE = frozenset({"true", "yes", "1"})
_FALSE = frozenset({"false", "no", "0"})
AnyMethod = TelegramMethod[Any]


@dataclass(slots=True, kw_only=True)
class Upload:
    """One uploaded file of a request."""

    data: bytes
    name: str
    mime: str | None = None


@dataclass(slots=True)
class Raw:
    """What came in: values still as they were sent, and the files by part name."""

    values: Json
    files: dict[str, Upload]


async def read_request(request: web.Request, max_upload: int) -> Raw:
    """Collect parameters; ApiError 413 when a file is too big, 400 when the body is broken."""
    raw = Raw(dict(request.query), {})
    if request.method != "POST":
        return raw
    kind = request.content_type
    if kind == "application/json":
        raw.values.update(_json_object(await request.text()))
    elif kind == "multipart/form-data":
        await _read_parts(request, raw, max_upload)
    elif kind == "application/x-www-form-urlencoded":
        form = await request.post()
        raw.values.update({key: value for key, value in form.items() if isinstance(value, str)})
    elif request.can_read_body:
        raise bad_request(f"unsupported content type {kind}")
    return raw


def _json_object(text: str) -> Json:
    try:
        value = json.loads(text or "{}")
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise bad_request("can't parse request JSON object")
    return {key: each for key, each in value.items() if each is not None}


async def _read_parts(request: web.Request, raw: Raw, max_upload: int) -> None:
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise bad_request("unexpected part in the request body")
        if part.filename is None:
            raw.values[part.name] = await part.text()
            continue
        data = bytes(await part.read(decode=True))
        if len(data) > max_upload:
            raise ApiError(413, "Request Entity Too Large")
        mime = part.headers.get("Content-Type")
        generic = mime in (None, "application/octet-stream")
        raw.files[part.name] = Upload(data=data, name=part.filename, mime=None if generic else mime)


def shape(model: type[AnyMethod], raw: Raw) -> Json:
    """Turn strings of a form into the values the method's fields ask for."""
    fields = model.model_fields
    # A file may also be uploaded under the parameter's own name, without `attach://`.
    uploaded = {name: f"attach://{name}" for name in raw.files if name in fields}
    values = uploaded | raw.values
    return {
        name: _shape_value(name, value, leaves(cast("Hashable", fields[name].annotation)))
        if name in fields and isinstance(value, str)
        else value
        for name, value in values.items()
    }


@cache
def leaves(annotation: Hashable) -> frozenset[Any]:
    """The plain types inside unions and annotations: `int | str | None` -> {int, str, None}."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return leaves(typing.get_args(annotation)[0])
    if origin in (types.UnionType, typing.Union):
        parts = [leaves(each) for each in typing.get_args(annotation)]
        return frozenset().union(*parts)
    return frozenset({origin or annotation})


def _shape_value(name: str, value: str, wanted: frozenset[Any]) -> Any:
    if int in wanted and value.removeprefix("-").isdigit():
        return int(value)
    if str in wanted:
        return value
    if bool in wanted:
        return _boolean(name, value)
    if float in wanted:
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad_request(f"can't parse {name} JSON object") from None


def _boolean(name: str, value: str) -> bool:
    if value.lower() in _TRUE | _FALSE:
        return value.lower() in _TRUE
    raise bad_request(f"parameter {name} must be a Boolean, not {value!r}")
