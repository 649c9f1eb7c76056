"""Settings of a PBX that speaks JSON over HTTP."""

from __future__ import annotations

from pydantic import AnyHttpUrl, SecretStr

from telephony.opening import OpeningConfig


class Config(OpeningConfig):
    """`url`: where orders are posted (none: the PBX is only listened to), `token`: sent with them
    as a bearer token."""

    url: AnyHttpUrl | None = None
    token: SecretStr | None = None
