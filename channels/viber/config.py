"""What an admin sets for a Viber bot, and what Viber carries. Source: developers.viber.com."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from crm_core.dialogs.messages import Capabilities, Kind
from routing.contracts import Pacing

MEGABYTE = 1024 * 1024
OFFICIAL_API = "https://chatapi.viber.com"
NAME_LIMIT = 28
UNANSWERED_LIMIT = 100

CAPABILITIES = Capabilities(
    text_limit=7000,
    # Files have no caption at all, pictures a short one: words travel as a message of their own.
    caption_limit=0,
    kinds=frozenset(
        {Kind.TEXT, Kind.PHOTO, Kind.VIDEO, Kind.DOCUMENT, Kind.CONTACT, Kind.LOCATION}
    ),
    receipts=True,
    buttons=True,
    file_limit=50 * MEGABYTE,
    unanswered_limit=UNANSWERED_LIMIT,
)
PACING = Pacing(rate=30.0, burst=30.0, chat_rate=2.0, chat_burst=5.0)


class Config(BaseModel):
    """Settings of one Viber bot."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    token: SecretStr = Field(
        title="Token of the bot", description="partners.viber.com, Edit info → Token"
    )
    sender_name: str = Field(
        min_length=1, max_length=NAME_LIMIT, title="Name clients see beside answers"
    )
    avatar: str | None = Field(
        None, title="Picture beside answers", description="https address of a JPEG, under 100 KB"
    )
    welcome: str = Field(
        "",
        max_length=7000,
        title="Welcome",
        description="Shown when somebody opens the chat for the first time; empty: nothing",
    )
    api_url: str = Field(
        OFFICIAL_API, title="Viber's server", description="Change it only for a test"
    )
    download_limit_mb: int = Field(
        50,
        ge=1,
        le=200,
        title="Largest file from a client, MB",
        description="Viber sends up to 200",
    )

    @field_validator("token")
    @classmethod
    def _is_given(cls, token: SecretStr) -> SecretStr:
        text = token.get_secret_value().strip()
        if len(text) < 16 or not text.isascii() or " " in text:
            message = "copy the whole token from partners.viber.com (Edit info → Token)"
            raise ValueError(message)
        return SecretStr(text)

    @field_validator("avatar")
    @classmethod
    def _is_https(cls, url: str | None) -> str | None:
        if url and not url.startswith("https://"):
            message = "the picture needs an https:// address"
            raise ValueError(message)
        return url or None

    @field_validator("api_url")
    @classmethod
    def _is_a_web_address(cls, url: str) -> str:
        parts = urlsplit(url.strip())
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            message = f"an address of Viber's server begins with https:// ({OFFICIAL_API})"
            raise ValueError(message)
        return url.strip().rstrip("/")
