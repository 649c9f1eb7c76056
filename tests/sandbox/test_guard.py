"""The sandbox keeps to itself."""

from __future__ import annotations

import pytest

from sandbox.botapi import Server, World
from sandbox.guard import SandboxRefusal, refuse_real_tokens
from sandbox.tokens import DEMO_TOKENS

REAL_LOOKING = "123456789:AAH-zyxwvutsrqponmlkjihgfedcba98765"


def test_demo_tokens_pass() -> None:
    refuse_real_tokens({"PULT_BOT_TOKEN": next(iter(DEMO_TOKENS)), "PATH": "/usr/bin:/bin"})


@pytest.mark.parametrize("value", [REAL_LOOKING, f"bot={REAL_LOOKING};x"])
def test_real_looking_token_refused_in_one_line_without_showing_it(value: str) -> None:
    with pytest.raises(SandboxRefusal) as refusal:
        refuse_real_tokens({"PULT_BOT_TOKEN": value})
    text = str(refusal.value)
    assert "unset PULT_BOT_TOKEN" in text
    assert "\n" not in text
    assert REAL_LOOKING not in text


def test_a_token_longer_or_shorter_than_a_token_is_none() -> None:
    refuse_real_tokens({"A": REAL_LOOKING + "x", "B": REAL_LOOKING[:-1]})


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.5", "example.org", "::"])  # noqa: S104
def test_only_loopback_is_listened_on(host: str) -> None:
    with pytest.raises(SandboxRefusal, match="loopback only"):
        Server(World(), host=host)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_loopback_is_fine(host: str) -> None:
    Server(World(), host=host)
