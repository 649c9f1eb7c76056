"""What a request is registered with: whence it comes, who asks, and what is wanted."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

RequestKind = Literal["lead", "order", "call", "mail", "manual"]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Long = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]


def cleaned(value: Any) -> Any:
    """The same without NUL characters anywhere."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, dict):
        return {cleaned(key): cleaned(one) for key, one in value.items()}
    return value


class _Shape(BaseModel):
    """PostgreSQL texts hold no NUL: such characters are dropped."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nul(cls, given: Any) -> Any:
        return cleaned(given)


class Person(_Shape):
    """Who asks, as far as the source tells; phone and address as they were written."""

    name: Line = ""
    phone: Line = ""
    email: Line = ""
    username: Line = ""
    company: Line = ""


class Item(_Shape):
    """A line of an order; `price` of one piece."""

    title: Line
    quantity: Decimal = Decimal(1)
    price: Decimal | None = None


class About(_Shape):
    """What is wanted. `details` are further fields worth showing: label -> value."""

    subject: Line = ""
    text: Long = ""
    items: tuple[Item, ...] = ()
    amount: Decimal | None = None
    currency: Annotated[str, Field(max_length=8)] | None = None
    details: dict[Label, Long] = {}


class Track(_Shape):
    """The way here: advertising campaign (utm_* and the like), visit, page, call recording."""

    campaign: dict[Label, Annotated[str, Field(max_length=500)]] = {}
    visit: Line | None = None
    page: Annotated[str, Field(max_length=2000)] | None = None
    recording: Annotated[str, Field(max_length=2000)] | None = None


class Origin(_Shape):
    """Whence the request comes.

    `source` is a title people know ("JivoSite"). (`channel_id`, `key`) is the identity of the
    request: the same again changes what was registered. `chat`: where one can answer in the
    channel. `queue_id`: else the channel's queue, else the default one.
    """

    kind: RequestKind = "manual"
    source: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    channel_id: int = 0
    key: Annotated[str, Field(min_length=1, max_length=160)] | None = None
    chat: Annotated[str, Field(max_length=128)] | None = None
    queue_id: int | None = None
    dialog_id: int | None = None
    call_id: int | None = None
    at: AwareDatetime | None = None
    track: Track = Track()
