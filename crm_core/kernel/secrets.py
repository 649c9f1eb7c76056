"""Secrets at rest: encryption of stored credentials, hashes of tokens, signatures of links."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken

from crm_core.kernel.errors import Refused

PREFIX = "enc:"
_key: bytes = b""


def use_key(key: str) -> None:
    """Take the process's key (`PULT_SECRET_KEY`, any text of 16 characters or more)."""
    global _key  # noqa: PLW0603 - one key per process
    if len(key) < 16:
        raise Refused("PULT_SECRET_KEY is too short: use at least 16 characters.")
    _key = key.encode()


def _derive(purpose: str) -> bytes:
    if not _key:
        raise Refused("No secret key is set: start Pult through ./pult or set PULT_SECRET_KEY.")
    return hmac.new(_key, purpose.encode(), hashlib.sha256).digest()


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derive("encrypt")))


def encrypt(text: str) -> str:
    return PREFIX + _fernet().encrypt(text.encode()).decode()


def decrypt(stored: str) -> str:
    """The plain text; raises Refused when it was encrypted with another key."""
    try:
        return _fernet().decrypt(stored.removeprefix(PREFIX).encode()).decode()
    except InvalidToken:
        message = (
            "Stored secrets can't be read with this PULT_SECRET_KEY:"
            " set the key they were stored with, or enter the secrets again."
        )
        raise Refused(message) from None


def sign(purpose: str, text: str) -> str:
    """A short signature (url-safe) of a text for one purpose."""
    mac = hmac.new(_derive(f"sign:{purpose}"), text.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac[:18]).decode()


def verify(purpose: str, text: str, signature: str) -> bool:
    """Constant-time check of `sign`."""
    return hmac.compare_digest(sign(purpose, text).encode(), signature.encode())


def new_token() -> str:
    """A random token that may stand in a link."""
    return secrets.token_urlsafe(24)


def fingerprint(token: str) -> str:
    """What is stored instead of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
