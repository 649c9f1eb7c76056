"""Settings of a voice bot, by transport; `kind` of its row names the transport."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from telephony.voicebot.understanding import Topic

Port = Annotated[int, Field(ge=0, le=65535)]
# A number or name of the dialplan; it becomes part of it.
Place = Annotated[str, Field(pattern=r"^[0-9A-Za-z*#_-]{0,32}$")]
Host = Annotated[str, Field(pattern=r"^[0-9A-Za-z.\-]+$")]


class Common(BaseModel):
    """How a bot talks, whatever carries it.

    `person`: the number at which people answer ("": nobody to send a caller to). `topics`:
    `Delivery: courier, delivery; Payment: invoice, pay`. `prompts`: a folder of recordings
    (`greeting.wav`) that take the place of the synthesised voice. `most`: calls at once.
    """

    model_config = ConfigDict(extra="forbid")

    language: Literal["ru", "en"] = "ru"
    company: Annotated[str, Field(max_length=80)]
    person: Place = ""
    timezone: str = "Europe/Moscow"
    topics: str = ""
    prompts: Path | None = None
    barge_in: bool = True
    most: Annotated[int, Field(ge=1, le=200)] = 20

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            message = f"there is no time zone {name}"
            raise ValueError(message) from None
        return name

    @field_validator("topics")
    @classmethod
    def _readable(cls, text: str) -> str:
        topics_of(text)
        return text


class AudioSocketConfig(Common):
    """`host`, `port`: where the bot listens; `address`: host:port as the PBX reaches it, when
    that is another; `key`: what the dialplan shows."""

    host: Host = "127.0.0.1"
    port: Port = 9092
    address: Annotated[str, Field(pattern=r"^[0-9A-Za-z.\-]*(:\d+)?$")] = ""
    key: Annotated[SecretStr, Field(min_length=8)]

    @field_validator("key")
    @classmethod
    def _fit_for_a_link(cls, key: SecretStr) -> SecretStr:
        if not key.get_secret_value().replace("-", "").replace("_", "").isalnum():
            message = "only letters, digits, - and _"
            raise ValueError(message)
        return key

    @property
    def reached(self) -> str:
        return self.address or f"{self.host}:{self.port}"


class SipConfig(Common):
    """The extension on the PBX; `local`: this machine's address as the PBX reaches it; three RTP
    ports for every call at once."""

    server: Host
    port: Port = 5060
    user: Annotated[str, Field(pattern=r"^[0-9A-Za-z._-]{1,64}$")]
    password: SecretStr
    local: Host
    sip_port: Port = 5062
    rtp_low: Port = 12000
    rtp_high: Port = 12999


CONFIGS: dict[str, type[Common]] = {"audiosocket": AudioSocketConfig, "sip": SipConfig}
TITLES = {"audiosocket": "AudioSocket", "sip": "SIP"}


def topics_of(text: str) -> tuple[Topic, ...]:
    """`Delivery: courier, delivery; Payment: invoice` as topics; ValueError when it is not so."""
    found = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        title, colon, words = part.partition(":")
        known = tuple(word.strip().lower() for word in words.split(",") if word.strip())
        if not colon or not title.strip() or not known:
            message = f"write topics as Title: word, word; not {part!r}"
            raise ValueError(message)
        found.append(Topic(title.strip(), known))
    return tuple(found)
