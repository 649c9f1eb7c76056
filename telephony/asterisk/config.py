"""Settings of an Asterisk connection."""

from __future__ import annotations

import contextlib
import re
from typing import Literal

import phonenumbers
from pydantic import Field, SecretStr, field_validator

from telephony.asterisk.facts import Rules
from telephony.opening import OpeningConfig


class Config(OpeningConfig):
    """How Asterisk is reached, how its phones are called, whom calls go to.

    `phone`: the channel of an extension; `phones`: what extensions look like; `trunks`: peers that
    look like extensions and are none; `dial_as`: what is dialled for an outside number, with
    {plus} (+79161234567), {e164} (79161234567) or {national} (9161234567) in it; `ring`: seconds
    one person is rung; `ask`: how the dialplan asks whom to ring, `ami` for a PBX that can't reach
    Pult; `cdr_file`: the PBX's Master.csv as Pult reads it; `cdr_dsn` and `cdr_table` instead: its
    table of calls in PostgreSQL.
    """

    host: str
    port: int = Field(default=5038, ge=1, le=65535)
    username: str = "pult"
    secret: SecretStr
    phone: str = "PJSIP/{ext}"
    phones: str = r"\d{2,6}"
    trunks: str = ""
    context: str = "from-internal"
    dial_as: str = "{plus}"
    ring: int = Field(default=15, ge=3, le=120)
    ask: Literal["http", "ami"] = "http"
    cdr_file: str = ""
    cdr_dsn: SecretStr = SecretStr("")
    cdr_table: str = Field(default="cdr", pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)?$")
    cdr_utc: bool = True
    recordings_dir: str = ""
    recordings_url: str = ""
    recordings_user: str = ""
    recordings_password: SecretStr = SecretStr("")

    @field_validator("phones")
    @classmethod
    def _pattern(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            message = f"is no regular expression: {error}"
            raise ValueError(message) from None
        return value

    @field_validator("phone")
    @classmethod
    def _template(cls, value: str) -> str:
        if "{ext}" not in value:
            message = "must have {ext} in it, like PJSIP/{ext}"
            raise ValueError(message)
        return value

    def rules(self) -> Rules:
        trunks = frozenset(one for one in re.split(r"[\s,]+", self.trunks) if one)
        return Rules(phones=self.phones, trunks=trunks)

    def channel_of(self, extension: str) -> str:
        """`101` -> `PJSIP/101`."""
        return self.phone.format(ext=safe(extension))

    def dialled(self, number: str) -> str:
        """What is dialled for a number: E.164 by `dial_as`, others as they are."""
        if not number.startswith("+"):
            return safe(number)
        digits = number[1:]
        national = digits
        with contextlib.suppress(phonenumbers.NumberParseException):
            national = str(phonenumbers.parse(number).national_number)
        return safe(self.dial_as.format(plus=number, e164=digits, national=national))


def safe(text: str) -> str:
    """Only what may stand in a channel's or an extension's name."""
    return re.sub(r"[^\w+*#.-]", "", text)
