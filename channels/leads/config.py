"""What an admin sets for a source of leads."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from channels.origins import origin_rule
from crm_core.dialogs.messages import Capabilities, Kind
from routing.contracts import Pacing

Service = Literal["form", "jivosite", "roistat", "uis", "comagic"]

# Nobody can be answered here: a lead is called, mailed, or met in another channel.
CAPABILITIES = Capabilities(text_limit=4096, caption_limit=1024, kinds=frozenset({Kind.TEXT}))
PACING = Pacing()


def _split(value: Any) -> Any:
    """Lists may come as one text with commas, as the command line gives them."""
    return value.replace(",", " ").split() if isinstance(value, str) else value


Words = Annotated[list[str], BeforeValidator(_split)]


class Config(BaseModel):
    """Settings of one source."""

    model_config = ConfigDict(extra="forbid")

    service: Service = Field("form", title="Where leads come from")
    title: str = Field(
        "", max_length=120, title="Name of the source", description="empty: that of the service"
    )
    addresses: Words = Field(
        [],
        title="Addresses that may call",
        description="203.0.113.7, 203.0.113.0/24; empty means any",
    )
    origins: Words = Field(
        [],
        title="Sites that may show the form",
        description="https://shop.example, https://*.shop.example; empty means any site",
    )
    fields: Words = Field(
        ["name", "phone", "message"],
        title="Fields of the ready form",
        description="name, phone, email, message",
    )
    heading: str = Field("", max_length=120, title="Heading of the ready form")
    privacy_url: str = Field("", max_length=300, title="Page of the privacy policy")
    thanks_url: str = Field(
        "", max_length=300, title="Page after sending", description="for forms without scripts"
    )
    trap: str = Field(
        "website", max_length=40, title="Hidden field", description="whoever fills it in is a robot"
    )
    per_minute: int = Field(6, ge=1, le=600, title="Forms from one address a minute")

    @field_validator("origins")
    @classmethod
    def _are_origins(cls, origins: list[str]) -> list[str]:
        return [origin_rule(one) for one in origins]

    @field_validator("addresses")
    @classmethod
    def _are_addresses(cls, addresses: list[str]) -> list[str]:
        return [str(ipaddress.ip_network(one, strict=False)) for one in addresses]

    @field_validator("fields")
    @classmethod
    def _are_fields(cls, fields: list[str]) -> list[str]:
        if unknown := set(fields) - {"name", "phone", "email", "message"}:
            message = f"there is no field {min(unknown)}: take name, phone, email, message"
            raise ValueError(message)
        return fields

    @field_validator("privacy_url", "thanks_url")
    @classmethod
    def _is_a_page(cls, url: str) -> str:
        if url and (urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname):
            message = "the address of a page begins with https://"
            raise ValueError(message)
        return url
