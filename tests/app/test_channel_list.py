"""`pult channel list`: how every account is doing, for people and for programs."""

from __future__ import annotations

import argparse

import orjson
import pytest

from app.cli.channel import _list
from app.settings import Settings
from channels.viber.faults import TOKEN_REFUSED
from crm_core.accounts.commands import set_broken
from tests import factories

pytestmark = pytest.mark.usefixtures("opened")


async def test_state_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    await factories.channel(name="Сайт")
    await set_broken(await factories.channel(name="Viber"), TOKEN_REFUSED)
    await _list(argparse.Namespace(json=False), Settings())
    head, site, broken = capsys.readouterr().out.splitlines()
    assert head.split() == [
        "id", "kind", "name", "state", "last_in_at", "last_out_at", "waiting", "advice",
    ]  # fmt: skip
    assert site.split()[2:7] == ["Сайт", "on", "–", "–", "0"]
    assert broken.split()[3] == "broken"
    assert "partners.viber.com" in broken


async def test_as_json_everything_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    await factories.channel(name="Сайт")
    await _list(argparse.Namespace(json=True), Settings())
    (row,) = orjson.loads(capsys.readouterr().out)
    assert (row["name"], row["state"], row["reason"], row["failed"]) == ("Сайт", "on", None, 0)
