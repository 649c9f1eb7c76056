"""Strictness through models this project did not write: aiogram checks both directions."""

from __future__ import annotations

import inspect
from functools import cache
from typing import Any

import aiogram.methods
from aiogram.methods.base import Response
from aiogram.types import Update
from aiogram.types.base import TelegramObject
from pydantic import BaseModel, ValidationError

from sandbox.botapi.decode import AnyMethod
from sandbox.botapi.errors import ApiError, bad_request, not_emulated
from sandbox.botapi.state import Json

_MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "latitude": "latitude is empty",
    "longitude": "longitude is empty",
    "file_id": "file_id not specified",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "voice": "there is no voice in the request",
    "video": "there is no video in the request",
    "video_note": "there is no video note in the request",
    "audio": "there is no audio in the request",
    "animation": "there is no animation in the request",
    "sticker": "there is no sticker in the request",
    "action": "wrong parameter action in request",
}
# Known to the real server, without meaning here: refusing beats pretending.
_UNSUPPORTED = frozenset(
    {
        "business_connection_id",
        "inline_message_id",
        "direct_messages_topic_id",
        "suggested_post_parameters",
        "ephemeral_message_parameters",
        "receiver_user_id",
        "allow_paid_broadcast",
        "rich_message",
        "certificate",
        "live_period",
        "heading",
        "proximity_alert_radius",
        "message_effect_id",
        "start_timestamp",
        "video_start_timestamp",
        "can_stop",
        "keep_on_stop",
        "cover",
    }
)


@cache
def method_models() -> dict[str, type[AnyMethod]]:
    """All methods aiogram knows, by lower-case name (the real server ignores case)."""
    models = inspect.getmembers(aiogram.methods, inspect.isclass)
    return {
        model.__api_method__.lower(): model
        for _, model in models
        if issubclass(model, aiogram.methods.TelegramMethod)
        and isinstance(model.__dict__.get("__api_method__"), str)
    }


def checked_params(model: type[AnyMethod], values: Json, *, strict: bool) -> Json:
    """Validated parameters as plain values; absent ones are absent. ApiError 400 otherwise."""
    try:
        parsed = model.model_validate(values)
    except ValidationError as error:
        raise _explain(error) from None
    unknown = extras(parsed) if strict else []
    if unknown:
        raise bad_request(f"unknown parameter {unknown[0]}")
    params = {key: value for key, value in plain(parsed).items() if value is not None}
    refused = sorted(_UNSUPPORTED & params.keys())
    if refused:
        raise not_emulated(f"{model.__api_method__}.{refused[0]}")
    return params


def _explain(error: ValidationError) -> ApiError:
    first = error.errors()[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "missing" and len(first["loc"]) == 1:
        return bad_request(_MISSING.get(name, f'parameter "{name}" is required'))
    path = ".".join(str(each) for each in first["loc"])
    return bad_request(f"can't parse {path}: {first['msg']}")


def plain(value: Any) -> Any:
    """Only what was really given, as dicts and lists (`Default` markers count as absent)."""
    if isinstance(value, BaseModel):
        given = {key: plain(getattr(value, key)) for key in value.model_fields_set}
        return {key: each for key, each in given.items() if each is not None}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value


def extras(value: Any, path: str = "") -> list[str]:
    """Paths of fields the models do not know, anywhere in the tree."""
    if isinstance(value, list):
        return [each for item in value for each in extras(item, path)]
    if not isinstance(value, BaseModel):
        return []
    found = [f"{path}{name}" for name in value.model_extra or {}]
    for name in value.model_fields_set & set(type(value).model_fields):
        found += extras(getattr(value, name), f"{path}{name}.")
    return found


@cache
def _answer_type(model: type[AnyMethod]) -> Any:
    return Response.__class_getitem__(model.__returning__)


def reply_problem(model: type[AnyMethod], body: Json) -> str | None:
    """What aiogram would dislike about an answer; None when it is fine."""
    try:
        answer = _answer_type(model).model_validate(body)
    except ValidationError as error:
        return f"{model.__api_method__}: {error}"
    unknown = extras(answer.result)
    return f"{model.__api_method__}: unknown fields {unknown}" if unknown else None


def update_problem(body: Json) -> str | None:
    """What aiogram would dislike about an update; None when it is fine."""
    try:
        update: TelegramObject = Update.model_validate(body)
    except ValidationError as error:
        return f"Update: {error}"
    unknown = extras(update)
    return f"Update: unknown fields {unknown}" if unknown else None
