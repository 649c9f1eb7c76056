"""Process-level settings: environment variables with the prefix PULT_ (and a .env file)."""

from __future__ import annotations

import ipaddress
import os
import secrets as random
import tempfile
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from crm_core.kernel.errors import Refused

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
OFFICIAL_API = "https://api.telegram.org"


class Settings(BaseSettings):
    """See docs/settings.md; credentials of channels are rows, not settings."""

    model_config = SettingsConfigDict(env_prefix="PULT_", env_file=".env", extra="ignore")

    database_url: str | None = None
    data_dir: Path = Path("var")
    pg_bin: Path | None = None
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=0, le=65535)
    public_url: str | None = None
    trusted_proxies: str = ""
    secret_key: SecretStr | None = None
    bot_token: SecretStr | None = None
    telegram_api_url: str = OFFICIAL_API
    file_limit_mb: int = Field(default=100, ge=1, le=4096)
    vosk_model_ru: Path | None = None
    vosk_model_en: Path | None = None
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["console", "json"] = "console"

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, text: str) -> str:
        networks(text)
        return text

    @property
    def proxies(self) -> tuple[Network, ...]:
        """Proxies in front of Pult that are believed when they say who calls."""
        return networks(self.trusted_proxies)

    @property
    def vosk_models(self) -> dict[str, Path]:
        """Model folders by language."""
        folders = {"ru": self.vosk_model_ru, "en": self.vosk_model_en}
        return {language: folder for language, folder in folders.items() if folder}

    @property
    def files_dir(self) -> Path:
        return self.data_dir / "files"


def networks(text: str) -> tuple[Network, ...]:
    """`127.0.0.1, 10.0.0.0/8` as networks; ValueError."""
    return tuple(ipaddress.ip_network(one, strict=False) for one in text.replace(",", " ").split())


def load() -> Settings:
    """Settings from the environment; one clear line when one of them is wrong."""
    try:
        settings = Settings()
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        name = f"PULT_{str(fault['loc'][0]).upper()}"
        raise Refused("%(name)s: %(fault)s.", name=name, fault=fault["msg"]) from None
    settings.data_dir = settings.data_dir.expanduser().absolute()
    return settings


def secret_key(settings: Settings) -> str:
    """The configured key, or the one made once in the data folder (mode 0600)."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    path = settings.data_dir / "secret.key"
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        _make_key(path)
        return path.read_text().strip()
    except OSError as error:
        message = "The data folder %(folder)s can't be used: %(error)s."
        raise Refused(message, folder=settings.data_dir, error=error.strerror) from None


def _make_key(path: Path) -> None:
    if path.exists():
        return
    number, name = tempfile.mkstemp(prefix=path.name, dir=path.parent)
    part = Path(name)
    with os.fdopen(number, "w") as file:
        file.write(random.token_urlsafe(32))
    try:
        # Of two processes that start at once only one makes the key.
        path.hardlink_to(part)
    except FileExistsError:
        pass
    finally:
        part.unlink()
