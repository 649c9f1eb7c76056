"""Secrets: readable with their key only; signatures bound to a purpose."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_core.kernel import secrets
from crm_core.kernel.errors import Refused


@pytest.fixture(autouse=True)
def key() -> Iterator[None]:
    before = secrets._key
    secrets.use_key("the first key of all")
    yield
    secrets._key = before


def test_round_trip() -> None:
    stored = secrets.encrypt("токен:123")
    assert stored.startswith(secrets.PREFIX)
    assert "123" not in stored
    assert secrets.decrypt(stored) == "токен:123"
    assert secrets.encrypt("токен:123") != stored


def test_another_key_is_refused_with_a_way_out() -> None:
    stored = secrets.encrypt("x")
    secrets.use_key("quite another key")
    with pytest.raises(Refused, match="PULT_SECRET_KEY"):
        secrets.decrypt(stored)


@pytest.mark.parametrize("stored", ["enc:", "enc:rubbish", "", "enc:" + "A" * 100])
def test_rubbish_is_refused(stored: str) -> None:
    with pytest.raises(Refused):
        secrets.decrypt(stored)


def test_a_changed_secret_is_refused() -> None:
    stored = secrets.encrypt("x" * 40)
    with pytest.raises(Refused):
        secrets.decrypt(stored[:-6] + "AAAA" + stored[-2:])


def test_short_and_lacking_keys() -> None:
    with pytest.raises(Refused, match="16"):
        secrets.use_key("short")
    secrets._key = b""
    with pytest.raises(Refused, match="key"):
        secrets.encrypt("x")


def test_signatures() -> None:
    signature = secrets.sign("file", "abc")
    assert secrets.verify("file", "abc", signature)
    assert not secrets.verify("file", "abd", signature)
    assert not secrets.verify("link", "abc", signature)
    assert not secrets.verify("file", "abc", "подпись")
    secrets.use_key("quite another key")
    assert not secrets.verify("file", "abc", signature)


def test_tokens_are_kept_as_fingerprints() -> None:
    token = secrets.new_token()
    assert token != secrets.new_token()
    assert len(secrets.fingerprint(token)) == 64
    assert token not in secrets.fingerprint(token)
