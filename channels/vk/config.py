"""What an admin sets for a VK community, and what VK can carry. Source: dev.vk.com."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from channels.vk.orderstatus import STATUS_NAMES, STATUSES
from crm_core.dialogs.messages import Capabilities, Kind
from routing.contracts import Pacing

MEGABYTE = 1024 * 1024
OFFICIAL_API = "https://api.vk.ru"
API_VERSION = "5.199"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

CAPABILITIES = Capabilities(
    text_limit=4096,
    caption_limit=4096,
    album_max=10,
    kinds=frozenset({Kind.TEXT, Kind.PHOTO, Kind.DOCUMENT, Kind.VOICE, Kind.LOCATION}),
    edits=True,
    same_ids=True,
    receipts=True,
    typing=True,
    entities=False,
    buttons=True,
    file_limit=50 * MEGABYTE,
    order_statuses=tuple(zip(STATUS_NAMES, STATUSES, strict=True)),
)
# VK takes 20 calls a second; a few are left for names, uploads and read marks.
PACING = Pacing(
    rate=15.0, burst=15.0, chat_rate=3.0, chat_burst=5.0, group_rate=1.0, group_burst=5.0
)


class Config(BaseModel):
    """Settings of one community."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    token: SecretStr = Field(
        title="Access key of the community",
        description="Manage → API usage → Access tokens: messages, photos, documents, manage",
    )
    group_id: int = Field(
        gt=0, title="Number of the community", description="From its address: vk.com/club123 → 123"
    )
    mode: Literal["auto", "callback", "longpoll"] = Field(
        "auto", title="How events arrive", description="auto: Callback API when Pult is reachable"
    )
    confirmation: SecretStr | None = Field(
        None,
        title="Confirmation string",
        description="Only when the Callback server was set up by hand",
    )
    secret: SecretStr | None = Field(
        None,
        title="Secret key of the Callback server",
        description="Only when the Callback server was set up by hand",
    )
    api_url: str = Field(
        OFFICIAL_API, title="VK API server", description="Change it only for tests"
    )

    @field_validator("token")
    @classmethod
    def _is_one_word(cls, token: SecretStr) -> SecretStr:
        word = token.get_secret_value().strip()
        if not word or not word.isascii() or len(word.split()) != 1:
            message = "an access key of a community is one long word: copy it whole"
            raise ValueError(message)
        return SecretStr(word)

    @field_validator("api_url")
    @classmethod
    def _is_a_web_address(cls, url: str) -> str:
        parts = urlsplit(url.strip())
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            message = f"an address of an API server begins with https:// ({OFFICIAL_API})"
            raise ValueError(message)
        return url.strip().rstrip("/")


def uses_callback(config: Config, hook_url: str | None) -> bool:
    """Whether events are pushed to us: `auto` wants an address that VK can call."""
    if config.mode != "auto":
        return config.mode == "callback"
    if not hook_url:
        return False
    hook, api = urlsplit(hook_url), urlsplit(config.api_url)
    return hook.scheme == "https" or (hook.hostname in LOOPBACK and api.hostname in LOOPBACK)
