"""Logs: no tokens, no secrets, whatever lands in them."""

from __future__ import annotations

from app.logging import redact

TOKEN = "7000000001:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"


def test_tokens_are_cut_out_of_any_text() -> None:
    event = redact(None, "info", {"event": f"GET https://api/bot{TOKEN}/getMe", "n": 1})
    assert TOKEN not in str(event)
    assert event["n"] == 1


def test_fields_named_like_secrets_are_hidden() -> None:
    event = redact(None, "info", {"event": "x", "token": "abc", "password": "def"})
    assert event == {"event": "x", "token": "***", "password": "***"}
