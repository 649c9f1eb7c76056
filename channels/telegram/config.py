"""What an admin sets for a Telegram bot, and what Telegram can carry. Sources: Bot API manual."""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, DirectoryPath, Field, SecretStr, field_validator

from crm_core.dialogs.messages import FILE_KINDS, Capabilities, Kind
from routing.contracts import Pacing

MEGABYTE = 1024 * 1024
OFFICIAL_API = "https://api.telegram.org"
TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{1,100}")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

CAPABILITIES = Capabilities(
    text_limit=4096,
    caption_limit=1024,
    album_max=10,
    kinds=FILE_KINDS | {Kind.TEXT, Kind.CONTACT, Kind.LOCATION},
    edits=True,
    same_ids=True,
    receipts=False,
    typing=True,
    entities=True,
    buttons=True,
    file_limit=50 * MEGABYTE,
)
PACING = Pacing(
    rate=30.0, burst=30.0, chat_rate=1.0, chat_burst=3.0, group_rate=20 / 60, group_burst=20.0
)


class Config(BaseModel):
    """Settings of one clients' bot."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    token: SecretStr = Field(title="Token of the bot", description="@BotFather gives it")
    api_url: str = Field(
        OFFICIAL_API, title="Bot API server", description="Change it only for your own server"
    )
    mode: Literal["auto", "polling", "webhook"] = Field(
        "auto", title="How updates arrive", description="auto: webhook when Pult is reachable"
    )
    download_limit_mb: int = Field(
        20,
        ge=1,
        le=2000,
        title="Largest file from a client, MB",
        description="More than 20 only with your own server started with --local",
    )
    local_files: DirectoryPath | None = Field(
        None,
        title="Folder of your own server's files",
        description="Where a server started with --local keeps what it has downloaded",
    )

    @field_validator("token")
    @classmethod
    def _looks_like_a_token(cls, token: SecretStr) -> SecretStr:
        if not TOKEN.fullmatch(token.get_secret_value().strip()):
            message = "a bot token looks like 123456789:AAE…; copy the whole line from @BotFather"
            raise ValueError(message)
        return SecretStr(token.get_secret_value().strip())

    @field_validator("api_url")
    @classmethod
    def _is_a_web_address(cls, url: str) -> str:
        parts = urlsplit(url.strip())
        if parts.scheme not in {"http", "https"} or not parts.hostname or "{" in url:
            message = f"an address of a Bot API server begins with https:// ({OFFICIAL_API})"
            raise ValueError(message)
        return url.strip().rstrip("/")


def uses_webhook(config: Config, hook_url: str | None) -> bool:
    """Whether updates are pushed to us.

    `auto` wants an address that the Bot API server can call: https, or plain http when both
    sides are on this machine.
    """
    if config.mode != "auto":
        return config.mode == "webhook"
    if not hook_url:
        return False
    hook, api = urlsplit(hook_url), urlsplit(config.api_url)
    return hook.scheme == "https" or (hook.hostname in LOOPBACK and api.hostname in LOOPBACK)
