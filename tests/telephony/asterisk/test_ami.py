"""The link over real TCP: what panoramisk does wrong is done right."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from telephony.asterisk import ami
from telephony.asterisk.ami import Address, AmiLink, LinkDown, WrongSecret
from telephony.asterisk.parse import parse
from tests.telephony.asterisk.fake_ami import FakeAmi
from tests.waiting import eventually


@pytest_asyncio.fixture(loop_scope="session")
async def server() -> AsyncIterator[FakeAmi]:
    async with FakeAmi().running() as server:
        yield server


def link_to(server: FakeAmi, blocks: list[str], key: str = "right") -> AmiLink:
    address = Address(host="127.0.0.1", port=server.port, username="pult", secret=key)
    return AmiLink(address, blocks.append)


async def test_letters_survive_the_border_of_packets(server: FakeAmi) -> None:
    blocks: list[str] = []
    link = link_to(server, blocks)
    await link.open()
    whole = "Event: Newchannel\r\nCallerIDName: Иван\r\n\r\n".encode()
    cut = whole.index("в".encode()) + 1
    await server.tell(whole[:cut], whole[cut:])

    async def heard() -> bool:
        return bool(blocks)

    await eventually(heard, what="the event")
    link.close()
    assert parse(blocks[0])["CallerIDName"] == "Иван"


async def test_a_wrong_secret_is_said_and_not_tried_again(server: FakeAmi) -> None:
    with pytest.raises(WrongSecret, match="Authentication failed"):
        await link_to(server, [], key="wrong").open()
    assert [one["Action"] for one in server.heard] == ["Login"]


async def test_nobody_there() -> None:
    address = Address(host="127.0.0.1", port=1, username="pult", secret="x")
    with pytest.raises(LinkDown, match="refused"):
        await AmiLink(address, lambda _: None).open()


async def test_a_silent_link_is_noticed(server: FakeAmi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ami, "PING_EVERY", 0.05)
    link = link_to(server, [])
    await link.open()
    server.silent = True
    monkeypatch.setattr(ami.AmiLink.ask, "__kwdefaults__", {"patience": 0.1})
    async with asyncio.timeout(5):
        await link.watch()
    assert link.lost.is_set()


async def test_what_is_asked_without_a_link_is_never_sent_later(server: FakeAmi) -> None:
    link = link_to(server, [])
    await link.open()
    link.close()
    with pytest.raises(LinkDown):
        await link.ask({"Action": "Originate", "Async": "true"})
    again = link_to(server, [])
    await again.open()
    await again.ask({"Action": "Ping"})
    again.close()
    assert "Originate" not in [one["Action"] for one in server.heard]


async def test_nobodys_text_becomes_a_header(server: FakeAmi) -> None:
    link = link_to(server, [])
    await link.open()
    await link.ask({"Action": "Ping", "CallerID": "x\r\nAction: Originate"})
    link.close()
    assert server.heard[-1]["Action"] == "Ping"
    assert server.heard[-1]["CallerID"] == "x  Action: Originate"
