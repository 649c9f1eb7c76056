"""Settings of a clients' bot: clear refusals, and how updates arrive."""

from __future__ import annotations

import pytest
from pydantic import SecretStr, ValidationError

from channels.telegram.config import Config, uses_webhook

TOKEN = "7000000001:invented-for-this-test"
LOCAL_API = "http://127.0.0.1:9999/"


@pytest.mark.parametrize("token", ["", "secret", "12345", "12345:", "a:b", "12345:two words"])
def test_a_wrong_token_is_explained_and_not_repeated(token: str) -> None:
    with pytest.raises(ValidationError, match="@BotFather") as refusal:
        Config(token=SecretStr(token))
    if len(token) > 5:
        assert token not in str(refusal.value)


def test_a_token_is_taken_with_the_spaces_of_a_careless_copy() -> None:
    config = Config(token=SecretStr(f" {TOKEN}\n"))
    assert config.token.get_secret_value() == TOKEN
    assert TOKEN not in repr(config)


@pytest.mark.parametrize("url", ["ftp://example.org", "example.org", "https://", "http://{x}/"])
def test_a_wrong_address_is_explained(url: str) -> None:
    with pytest.raises(ValidationError, match="https://"):
        Config(token=SecretStr(TOKEN), api_url=url)


@pytest.mark.parametrize(
    ("mode", "api_url", "hook_url", "expected"),
    [
        ("auto", "https://api.telegram.org", None, False),
        ("auto", "https://api.telegram.org", "https://crm.example.org/hooks/1/s", True),
        ("auto", "https://api.telegram.org", "http://127.0.0.1:8080/hooks/1/s", False),
        ("auto", LOCAL_API, "http://127.0.0.1:8080/hooks/1/s", True),
        ("auto", LOCAL_API, "http://crm.example.org/hooks/1/s", False),
        ("polling", LOCAL_API, "https://crm.example.org/hooks/1/s", False),
        ("webhook", LOCAL_API, None, True),
    ],
)
def test_how_updates_arrive(mode: str, api_url: str, hook_url: str | None, expected: bool) -> None:
    settings = {"token": TOKEN, "api_url": api_url, "mode": mode}
    assert uses_webhook(Config.model_validate(settings), hook_url) is expected
