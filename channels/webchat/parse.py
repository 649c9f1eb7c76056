"""Stored body of a visitor's event → neutral events. Pure; malformed bodies raise ValueError."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from channels.webchat.shapes import FileBody, MessageBody, ReceiptBody
from crm_core.dialogs.messages import (
    FileRef,
    InboundEvent,
    InboundMessage,
    InboundReceipt,
    Kind,
    Sender,
)
from crm_core.kernel import i18n
from crm_core.kernel.i18n import _

Body = Annotated[MessageBody | ReceiptBody, Field(discriminator="type")]
BODY: TypeAdapter[MessageBody | ReceiptBody] = TypeAdapter(Body)
LOCAL = "sha:"


def parse(body: dict[str, Any]) -> list[InboundEvent]:
    """The one event a body stands for."""
    found = BODY.validate_python(body)
    return [_message(found) if isinstance(found, MessageBody) else _receipt(found)]


def external_id(visitor: str, message_id: object) -> str:
    """A visitor's message within the channel account: their browser's own UUID."""
    return f"{visitor}:{message_id}"


def guest(visitor: str, language: str) -> str:
    """What an unnamed visitor is called."""
    with i18n.using(language or "ru"):
        return _("Guest %(code)s") % {"code": visitor[:4].upper()}


def _message(body: MessageBody) -> InboundMessage:
    profile, language = body.profile, body.context.language
    return InboundMessage(
        external_id=external_id(body.visitor, body.id),
        chat=body.visitor,
        sender=Sender(
            external_id=body.visitor,
            name=profile.name or guest(body.visitor, language),
            language=language or None,
            phone=profile.phone or None,
            email=profile.email or None,
        ),
        at=body.at,
        kind=body.files[0].kind if body.files else Kind.TEXT,
        text=body.text,
        files=tuple(_file(one) for one in body.files),
        reply_to=body.reply_to,
        context={key: value for key, value in body.context.model_dump().items() if value},
    )


def _file(file: FileBody) -> FileRef:
    return FileRef(
        kind=file.kind, ref=LOCAL + file.sha, name=file.name, mime=file.mime, size=file.size
    )


def _receipt(body: ReceiptBody) -> InboundReceipt:
    return InboundReceipt(
        chat=body.visitor, external_id=body.external_id, at=body.at, status=body.status
    )
