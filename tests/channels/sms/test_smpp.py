"""SMPP 3.4 over TCP: long and Cyrillic texts both ways, receipts, broken lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
import pytest_asyncio

from channels.sms import faults, smppparse
from channels.sms import smpp as adapter
from channels.sms.channel import Channel
from crm_core.dialogs.messages import (
    InboundFailure,
    InboundMessage,
    InboundReceipt,
    OutboundPart,
)
from crm_core.kernel import clock, db, i18n
from routing.contracts import ChannelBroken, OutcomeUnknown, Rejected, RetryLater
from routing.inbound import store
from sandbox.sms import Fault, Handset, SmppServer
from sandbox.sms.smpp import _deliver_sm
from tests.channels.sms.conftest import MARIA, MemoryIntake, over_smpp
from tests.waiting import eventually

LONG = "Здравствуйте! Нужен букет на юбилей: пионы, эвкалипт, лента. " * 4
EMOJI = "🌷" * 90


@pytest_asyncio.fixture(loop_scope="session")
async def channel(smpp: SmppServer) -> AsyncIterator[Channel]:
    found = over_smpp(smpp)
    yield found
    await found.close()


@asynccontextmanager
async def listening(channel: Channel, server: SmppServer) -> AsyncIterator[MemoryIntake]:
    kept = MemoryIntake()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(channel.run(kept))

        async def bound() -> bool:
            return server.receivers == 1

        await eventually(bound, what="the receiver to bind")
        yield kept
        task.cancel()


async def come(intake: MemoryIntake, count: int) -> None:
    async def look() -> bool:
        return len(intake.events) >= count

    await eventually(look, what=f"{count} events")


def texts(intake: MemoryIntake) -> list[str]:
    return [event.text for event in intake.events if isinstance(event, InboundMessage)]


@pytest.mark.parametrize(
    "text",
    ["Hello", "Пионы есть", "a" * 160, "a" * 161, "я" * 70, "я" * 71, LONG, EMOJI, "[€]" * 60],
    ids=range(9),
)
async def test_texts_arrive_whole_whatever_they_are_made_of(
    smpp: SmppServer, channel: Channel, text: str
) -> None:
    """The other side is read by a library we did not write."""
    await channel.send(MARIA, OutboundPart(key="m1:0", text=text))
    (sms,) = Handset(smpp.world, MARIA).sms
    assert sms.text == text
    assert sms.sender == "Romashka"


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize(
    "text",
    ["Hello", "Есть пионы?", LONG, EMOJI, "plain words " * 30],
    ids=["latin", "cyrillic", "long", "emoji", "long latin"],
)
async def test_long_and_cyrillic_texts_come_in_as_one(
    smpp: SmppServer, channel: Channel, text: str
) -> None:
    async with listening(channel, smpp) as intake:
        await Handset(smpp.world, MARIA).write(text)
        await come(intake, 1)
    assert texts(intake) == [text]
    assert isinstance(intake.events[0], InboundMessage)
    assert intake.events[0].chat == MARIA


@pytest.mark.usefixtures("opened")
async def test_a_reference_used_again_is_another_message(
    smpp: SmppServer, channel: Channel
) -> None:
    async with listening(channel, smpp) as intake:
        for word in ("роза", "пион", "астра"):
            smpp._refs = iter([7])  # type: ignore[assignment] # always the same reference
            await Handset(smpp.world, MARIA).write(word * 40)
        await come(intake, 3)
    assert texts(intake) == ["роза" * 40, "пион" * 40, "астра" * 40]


@pytest.mark.usefixtures("opened")
async def test_a_piece_that_never_comes_leaves_a_mark(smpp: SmppServer, channel: Channel) -> None:
    async with listening(channel, smpp) as intake:
        smpp._deliver(_piece(1, "первая "))
        smpp._deliver(_piece(3, " третья"))

        async def kept() -> bool:
            return int(await db.fetchval("SELECT count(*) FROM message_part")) == 2

        await eventually(kept, what="both pieces")
    assert intake.events == []
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        async with listening(channel, smpp) as intake:
            await come(intake, 1)
    assert texts(intake) == ["первая  […]  третья"]


def _piece(number: int, text: str) -> bytes:
    header = bytes([5, 0, 3, 9, 3, number])
    return _deliver_sm(MARIA, "+79990001122", 0x40, 8, header + text.encode("utf-16-be"))


@pytest.mark.usefixtures("opened")
async def test_what_could_not_be_stored_comes_again(smpp: SmppServer, channel: Channel) -> None:
    async with listening(channel, smpp) as intake:
        intake.failing = 2
        await Handset(smpp.world, MARIA).write(LONG)
        await come(intake, 1)
    assert texts(intake) == [LONG]


@pytest.mark.usefixtures("opened")
async def test_receipts_and_failures(smpp: SmppServer, channel: Channel) -> None:
    async with listening(channel, smpp) as intake:
        sent = await channel.send(MARIA, OutboundPart(key="m1:0", text=LONG))
        await come(intake, 1)
        smpp.world.dead.add("+79161234502")
        lost = await channel.send("+79161234502", OutboundPart(key="m2:0", text="?"))
        await come(intake, 2)
    receipt, failure = intake.events
    assert isinstance(receipt, InboundReceipt)
    assert (receipt.external_id, receipt.only) == (sent.external_ids[0], True)
    assert len(sent.external_ids) == 4
    assert isinstance(failure, InboundFailure)
    assert (failure.external_id, failure.reason) == (lost.external_ids[0], faults.UNDELIVERABLE)


@pytest.mark.usefixtures("opened")
async def test_a_line_that_breaks_is_bound_again(
    smpp: SmppServer, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "AFTER_TROUBLE_SECONDS", 0.05)
    async with listening(channel, smpp) as intake:
        smpp.hang_up()
        await Handset(smpp.world, MARIA).write("Вы тут?")
        await come(intake, 1)
        await channel.send(MARIA, OutboundPart(key="m1:0", text="Тут"))
        smpp.hang_up()

        async def noticed() -> bool:
            sending = channel._gateway._sending  # type: ignore[attr-defined] # the SMPP one
            return not sending.is_fresh

        await eventually(noticed, what="the sender to notice")
        await channel.send(MARIA, OutboundPart(key="m2:0", text="И снова тут"))
    mine = [sms.text for sms in Handset(smpp.world, MARIA).sms]
    assert mine == ["Вы тут?", "Тут", "И снова тут"]


async def test_an_answer_that_never_came_is_unknown(smpp: SmppServer, channel: Channel) -> None:
    smpp.world.faults.append(Fault(lost=True))
    with pytest.raises(OutcomeUnknown):
        await channel.send(MARIA, OutboundPart(key="m1:0", text="?"))
    assert len(Handset(smpp.world, MARIA).sms) == 1


@pytest.mark.parametrize(
    ("code", "kind"), [(0x58, RetryLater), (0x14, RetryLater), (0x0B, Rejected), (0x45, Rejected)]
)
async def test_refusals(
    smpp: SmppServer, channel: Channel, code: int, kind: type[Exception]
) -> None:
    smpp.world.faults.append(Fault(code=code))
    with pytest.raises(kind):
        await channel.send(MARIA, OutboundPart(key="m1:0", text="?"))


async def test_a_wrong_password_breaks_the_account(smpp: SmppServer) -> None:
    channel = over_smpp(smpp, password="wrong")
    with pytest.raises(ChannelBroken, match="password"):
        await channel.send(MARIA, OutboundPart(key="m1:0", text="?"))
    report = await channel.check()
    assert not report.ok
    await channel.close()


async def test_nobody_at_the_address(smpp: SmppServer) -> None:
    channel = over_smpp(smpp, port=9)
    with pytest.raises(RetryLater):
        await channel.send(MARIA, OutboundPart(key="m1:0", text="?"))
    await channel.close()


async def test_the_check_says_where_it_got_in(smpp: SmppServer, channel: Channel) -> None:
    with i18n.using("en"):
        report = await channel.check()
    assert (report.ok, report.line) == (True, f"works: 127.0.0.1:{smpp.port} lets us in.")


@pytest.mark.usefixtures("opened")
async def test_the_same_word_twice_is_two_messages(smpp: SmppServer, channel: Channel) -> None:
    async with listening(channel, smpp) as intake:
        for _ in range(2):
            await Handset(smpp.world, MARIA).write("Да")
        await come(intake, 2)
    assert texts(intake) == ["Да", "Да"]
    said = [event for event in intake.events if isinstance(event, InboundMessage)]
    assert len({event.external_id for event in said}) == 2


@pytest.mark.usefixtures("opened")
async def test_what_comes_again_after_a_broken_line_is_the_same(
    smpp: SmppServer, channel: Channel
) -> None:
    """Stored, but the line broke before the server heard it; a third one is new."""
    packet = _deliver_sm(MARIA, "+79990001122", 0, 8, "Да".encode("utf-16-be"))
    key = f"{smppparse.digest(packet)}:1"
    async with db.transaction():
        await store.keep(1, key, packet, "stored before the line broke")
    async with listening(channel, smpp) as intake:
        smpp._deliver(packet)
        smpp._deliver(packet)
        await come(intake, 1)
        await Handset(smpp.world, MARIA).write("Нет")
        await come(intake, 2)
    assert texts(intake) == ["Да", "Нет"]
