"""Settings: one clear line when one is wrong, a key made once."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.settings import Settings, load, secret_key
from crm_core.kernel.errors import Refused


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULT_HTTP_PORT", "eighty")
    with pytest.raises(Refused, match="PULT_HTTP_PORT"):
        load()


def test_the_key_is_made_once_and_only_ours(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "var")
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: secret_key(settings), range(8)))
    assert len(keys) == 1
    assert len(keys.pop()) >= 32
    path = tmp_path / "var" / "secret.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["secret.key"]


def test_a_folder_that_can_not_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused, match="data folder"):
        secret_key(Settings(data_dir=tmp_path / "file"))


def test_tokens_do_not_print() -> None:
    settings = Settings(bot_token="123456:ABCDEF")
    assert "ABCDEF" not in repr(settings)
