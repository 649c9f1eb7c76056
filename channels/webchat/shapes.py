"""What visitors may say: validated, cleaned and cut, as it comes and as it is stored."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from channels.webchat.tokens import VISITOR
from crm_core.dialogs.messages import Kind

TEXT_MAX = 4096
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ufffe\uffff]")
PHONE = re.compile(r"\+?[\d\s()./-]{5,25}")
EMAIL = re.compile(r"[^@\s<>\"]{1,64}@[^@\s<>\"]{1,180}\.[^@\s<>\".]{2,24}")
ROW_MAX = 2**62
UTM = re.compile(r"[a-z_]{1,32}")


def clean(value: Any) -> Any:
    """Text without control characters and halves of characters, which no store can keep."""
    if not isinstance(value, str):
        return value
    whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return CONTROL.sub("", whole.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _cut(limit: int) -> BeforeValidator:
    def cut(value: Any) -> Any:
        return " ".join(clean(value).split())[:limit] if isinstance(value, str) else ""

    return BeforeValidator(cut)


def _fits(text: str) -> str:
    if len(text.encode("utf-16-le")) // 2 > TEXT_MAX:
        message = "too_long"
        raise ValueError(message)
    return text


def _matches(pattern: re.Pattern[str]) -> AfterValidator:
    def check(value: str) -> str:
        if value and not pattern.fullmatch(value):
            message = "not_valid"
            raise ValueError(message)
        return value

    return AfterValidator(check)


def _web(value: str) -> str:
    return value if value.startswith(("http://", "https://")) else ""


def _tags(value: Any) -> Any:
    found = value.items() if isinstance(value, dict) else ()
    return {key: one for key, one in list(found)[:20] if UTM.fullmatch(str(key))}


Text = Annotated[str, BeforeValidator(clean), AfterValidator(_fits)]
Line = Annotated[str, _cut(200)]
Address = Annotated[str, AfterValidator(_web), _cut(1000)]


class Profile(BaseModel):
    """What visitors tell about themselves in the form before the first message."""

    name: Annotated[str, _cut(100)] = ""
    phone: Annotated[str, _matches(PHONE), _cut(30)] = ""
    email: Annotated[str, _matches(EMAIL), _cut(200)] = ""


class Context(BaseModel):
    """Where the visitor is: the page, what led there, the language of the widget."""

    page: Address = ""
    title: Line = ""
    referrer: Address = ""
    utm: Annotated[dict[str, Line], BeforeValidator(_tags)] = Field(default_factory=dict)
    language: Annotated[str, _cut(8)] = ""


class SessionIn(BaseModel):
    """`POST session`."""

    language: Annotated[str, _cut(16)] = ""
    token: str = Field("", max_length=200)


class MessageIn(BaseModel):
    """`POST messages`, and the first field (`message`) of `POST files`. `reply_to`: a row id."""

    id: UUID
    text: Text = ""
    reply_to: int | None = Field(None, ge=1, le=ROW_MAX)
    profile: Profile = Profile()
    context: Context = Context()


class ReadIn(BaseModel):
    """`POST read`: messages up to this row id reached the status."""

    up_to: int = Field(ge=1, le=ROW_MAX)
    status: Literal["delivered", "read"] = "read"


class FileBody(BaseModel):
    """A file of a visitor that already lies in the store."""

    model_config = ConfigDict(extra="forbid")

    sha: str = Field(pattern=r"^[0-9a-f]{64}$")
    kind: Kind
    name: str = Field(min_length=1, max_length=200)
    mime: str = Field(max_length=100)
    size: int = Field(ge=0)


class MessageBody(BaseModel):
    """A visitor's message as the raw event keeps it. `reply_to`: an external id."""

    type: Literal["message"] = "message"
    visitor: str = Field(pattern=f"^{VISITOR.pattern}$")
    id: UUID
    at: datetime
    text: Text = ""
    files: list[FileBody] = []
    reply_to: str | None = None
    profile: Profile = Profile()
    context: Context = Context()


class ReceiptBody(BaseModel):
    """What the visitor's browser has shown, as the raw event keeps it."""

    type: Literal["receipt"] = "receipt"
    visitor: str = Field(pattern=f"^{VISITOR.pattern}$")
    external_id: str
    status: Literal["delivered", "read"]
    at: datetime
