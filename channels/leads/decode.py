"""The body of a call as names and values, whatever way it was packed. Pure."""

from __future__ import annotations

import re
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

import orjson

from routing.contracts import HookRequest

MOST_FIELDS = 200
_LINE = re.compile(r'^\s*"([\w.-]+)"\s*:\s*"?(.*?)"?\s*,?\s*$')


def decode(request: HookRequest) -> dict[str, Any]:
    """JSON, a form (urlencoded or multipart) or the query; ValueError when it is none of them."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    found: dict[str, Any] = dict(request.query)
    if request.body.strip():
        found |= _body(kind, request)
    if not found:
        message = "nothing was sent"
        raise ValueError(message)
    if len(found) > MOST_FIELDS:
        message = f"more than {MOST_FIELDS} fields"
        raise ValueError(message)
    return found


def _body(kind: str, request: HookRequest) -> dict[str, Any]:
    if kind == "multipart/form-data":
        return _multipart(request)
    body = _text(request.body)
    if kind == "application/json" or body.lstrip().startswith("{"):
        return _json(body)
    return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS))


def _text(raw: bytes) -> str:
    """UTF-8, else what Russian sites write when they do not."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1251", "replace")


def _json(text: str) -> dict[str, Any]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        # Services put values into a template as they are: a quote in a name breaks the JSON,
        # but the template has one field a line.
        lines = (_LINE.match(line) for line in text.splitlines())
        found = {match[1]: match[2] for match in lines if match}
        if not found:
            raise
    if not isinstance(found, dict):
        message = "the JSON is not an object"
        raise ValueError(message)  # noqa: TRY004 - what came is wrong, not our code
    return found


def _multipart(request: HookRequest) -> dict[str, Any]:
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + request.body)
    found: dict[str, Any] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        if isinstance(name, str):
            payload = part.get_payload(decode=True)
            raw = payload if isinstance(payload, bytes) else b""
            found[name] = part.get_filename() or _text(raw)
    return found
