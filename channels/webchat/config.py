"""What an admin sets for a widget, and what the widget can carry."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from channels.origins import origin_rule
from crm_core.dialogs.messages import FILE_KINDS, Capabilities, Kind
from routing.contracts import Pacing

MEGABYTE = 1024 * 1024
FILES_MAX = 10

CAPABILITIES = Capabilities(
    text_limit=4096,
    caption_limit=4096,
    album_max=FILES_MAX,
    kinds=FILE_KINDS | {Kind.TEXT, Kind.CONTACT, Kind.LOCATION},
    edits=True,
    receipts=True,
    typing=True,
    entities=True,
)
# Nothing leaves the house: a part is only made visible, so there is nobody to be slow for.
PACING = Pacing(rate=500, burst=500, chat_rate=50, chat_burst=50, group_rate=50, group_burst=50)


def _split(value: Any) -> Any:
    """Lists may come as one text with commas, as the command line gives them."""
    return (
        [one for one in value.replace(",", " ").split() if one] if isinstance(value, str) else value
    )


Words = Annotated[list[str], BeforeValidator(_split)]
Questions = Annotated[list[Literal["name", "phone", "email"]], BeforeValidator(_split)]


class Config(BaseModel):
    """Settings of one widget."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field("Pult", max_length=60, title="Name in the head of the window")
    colour: str = Field("#3257d6", pattern=r"^#[0-9a-fA-F]{6}$", title="Accent colour")
    position: Literal["right", "left"] = Field("right", title="Corner of the page")
    language: Literal["auto", "ru", "en"] = Field(
        "auto", title="Language", description="auto: that of the page, else of the browser"
    )
    greeting_ru: str = Field(
        "Здравствуйте! Чем можем помочь?", max_length=500, title="Greeting, Russian"
    )
    greeting_en: str = Field("Hello! How can we help?", max_length=500, title="Greeting, English")
    offline_ru: str = Field(
        "Сейчас никого нет на месте. Напишите — ответим, как только вернёмся.",
        max_length=300,
        title="When nobody is on shift, Russian",
    )
    offline_en: str = Field(
        "Nobody is here right now. Write to us and we will answer once we are back.",
        max_length=300,
        title="When nobody is on shift, English",
    )
    origins: Words = Field(
        [],
        title="Sites that may show the widget",
        description="https://shop.example, https://*.shop.example; empty means any site",
    )
    max_file_mb: int = Field(20, ge=1, le=100, title="Largest file from a visitor, MB")
    ask: Questions = Field(
        [], title="Ask before the first message", description="name, phone, email"
    )
    ask_required: bool = Field(False, title="These answers are required")
    privacy_ru: str = Field("", max_length=300, title="Privacy note, Russian")
    privacy_en: str = Field("", max_length=300, title="Privacy note, English")
    privacy_url: str = Field("", max_length=300, title="Page of the privacy policy")
    visitor_per_minute: int = Field(30, ge=1, le=600, title="Messages of one visitor a minute")
    ip_per_minute: int = Field(300, ge=1, le=100_000, title="Calls from one address a minute")
    max_streams: int = Field(5000, ge=1, le=100_000, title="Visitors connected at once")

    @field_validator("origins")
    @classmethod
    def _are_origins(cls, origins: list[str]) -> list[str]:
        return [origin_rule(one) for one in origins]

    @field_validator("privacy_url")
    @classmethod
    def _is_a_page(cls, url: str) -> str:
        if url and (urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname):
            message = "the address of a page begins with https://"
            raise ValueError(message)
        return url


def texts(config: Config, language: str) -> dict[str, Any]:
    """What the widget needs to know to draw itself, in one language."""
    russian = language == "ru"
    return {
        "title": config.title,
        "colour": config.colour.lower(),
        "position": config.position,
        "language": language,
        "greeting": config.greeting_ru if russian else config.greeting_en,
        "offline": config.offline_ru if russian else config.offline_en,
        "privacy": config.privacy_ru if russian else config.privacy_en,
        "privacy_url": config.privacy_url,
        "ask": config.ask,
        "ask_required": config.ask_required,
        "max_file": config.max_file_mb * MEGABYTE,
        "max_files": FILES_MAX,
        "max_text": CAPABILITIES.text_limit,
    }


def language_for(config: Config, asked: str) -> str:
    """`ru` or `en` for a visitor whose page or browser speaks `asked` (`ru-RU`, `de`, …)."""
    if config.language != "auto":
        return config.language
    return "ru" if asked[:2].lower() in {"ru", "be", "kk", "uk", "ky", "uz", "tg"} else "en"
