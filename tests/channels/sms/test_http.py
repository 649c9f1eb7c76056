"""A gateway over HTTP: sending, reports, incoming by hook and by looking, refusals."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest
import pytest_asyncio
from aiohttp import web

from channels.sms import faults
from channels.sms.channel import Channel
from crm_core.dialogs.messages import (
    InboundFailure,
    InboundMessage,
    InboundReceipt,
    Kind,
    OutboundPart,
    OutFile,
)
from crm_core.kernel import i18n
from routing.contracts import (
    ChannelBroken,
    DeliveryError,
    HookRequest,
    OutcomeUnknown,
    Rejected,
    RetryLater,
)
from sandbox.sms import Fault, Handset, HttpGateway
from tests.channels.sms.conftest import MARIA, MemoryIntake, over_http
from tests.waiting import eventually

TEXT = OutboundPart(key="m1:0", text="Пионы есть, 350 ₽")


@pytest_asyncio.fixture(loop_scope="session")
async def channel(http: HttpGateway) -> AsyncIterator[Channel]:
    found = over_http(http)
    yield found
    await found.close()


@pytest_asyncio.fixture(loop_scope="session")
async def intake(http: HttpGateway, channel: Channel) -> AsyncIterator[MemoryIntake]:
    """What our hook stored; the gateway calls it."""
    kept = MemoryIntake()

    async def answer(request: web.Request) -> web.Response:
        call = HookRequest(
            method=request.method,
            headers={key.lower(): value for key, value in request.headers.items()},
            query=dict(request.query),
            body=await request.read(),
        )
        reply = await channel.receive(call, kept)
        return web.Response(status=reply.status, body=reply.body)

    app = web.Application()
    app.router.add_route("*", "/hook", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    http.hook = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield kept
    await runner.cleanup()


async def test_an_sms_is_sent_and_its_report_comes_back(
    http: HttpGateway, channel: Channel, intake: MemoryIntake
) -> None:
    sent = await channel.send(MARIA, TEXT)
    (sms,) = Handset(http.world, MARIA).sms
    assert (sms.text, sms.sender) == ("Пионы есть, 350 ₽", "Romashka")
    await http.settled()
    (report,) = intake.events
    assert isinstance(report, InboundReceipt)
    assert sent.external_ids == (report.external_id,)
    assert (report.chat, report.status, report.only) == (MARIA, "delivered", True)


async def test_a_dead_number_is_a_late_failure(
    http: HttpGateway, channel: Channel, intake: MemoryIntake
) -> None:
    http.world.dead.add(MARIA)
    await channel.send(MARIA, TEXT)
    await http.settled()
    (failure,) = intake.events
    assert isinstance(failure, InboundFailure)
    assert failure.reason == faults.UNDELIVERABLE


async def test_a_phone_that_is_off_gets_it_later(
    http: HttpGateway, channel: Channel, intake: MemoryIntake
) -> None:
    phone = Handset(http.world, MARIA)
    await phone.switch(on=False)
    await channel.send(MARIA, TEXT)
    await http.settled()
    assert (phone.sms, intake.events) == ([], [])
    await phone.switch(on=True)
    await http.settled()
    assert isinstance(intake.events[0], InboundReceipt)


async def test_an_incoming_one_comes_by_the_hook_once_stored(
    http: HttpGateway, intake: MemoryIntake
) -> None:
    intake.failing = 1
    await Handset(http.world, MARIA).write("Есть пионы?")
    await http.settled()
    assert http.refused == [500]
    (said,) = intake.events
    assert isinstance(said, InboundMessage)
    assert (said.chat, said.sender.phone, said.sender.name) == (MARIA, MARIA, "+7 916 123-45-01")
    assert said.text == "Есть пионы?"


@pytest.mark.usefixtures("opened")
async def test_incoming_ones_are_looked_for_without_a_hook(
    http: HttpGateway, channel: Channel
) -> None:
    kept, phone = MemoryIntake(), Handset(http.world, MARIA)
    for word in ("раз", "два"):
        await phone.write(word)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(channel.run(kept))

        async def come() -> bool:
            return len(kept.stored) == 2

        await eventually(come, what="both SMS")
        task.cancel()
    texts = [event.text for event in kept.events if isinstance(event, InboundMessage)]
    assert texts == ["раз", "два"]


@pytest.mark.usefixtures("opened")
async def test_hook_and_look_bring_the_same_one_once(
    http: HttpGateway, channel: Channel, intake: MemoryIntake
) -> None:
    await Handset(http.world, MARIA).write("Есть пионы?")
    await http.settled()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(channel.run(intake))

        async def looked() -> bool:
            return len(intake.asked) > 1

        await eventually(looked, what="a look")
        task.cancel()
    assert len(intake.events) == 1


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (2, ChannelBroken, faults.LOGIN_REFUSED),
        (3, ChannelBroken, faults.NO_MONEY),
        (4, ChannelBroken, faults.ADDRESS_BLOCKED),
        (6, Rejected, faults.FORBIDDEN),
        (7, Rejected, faults.WRONG_NUMBER),
        (8, Rejected, faults.BAD_NUMBER),
        (9, RetryLater, faults.TOO_OFTEN),
    ],
)
async def test_refusals(
    http: HttpGateway, channel: Channel, code: int, kind: type[DeliveryError], words: str
) -> None:
    http.world.faults.append(Fault(code=code))
    with pytest.raises(kind) as caught:
        await channel.send(MARIA, TEXT)
    assert str(caught.value) == words


async def test_money_runs_out(http: HttpGateway, channel: Channel) -> None:
    http.world.balance = 3.0
    with pytest.raises(ChannelBroken, match="money"):
        await channel.send(MARIA, TEXT)


async def test_an_answer_that_never_came_is_unknown(http: HttpGateway, channel: Channel) -> None:
    http.world.faults.append(Fault(lost=True))
    with pytest.raises(OutcomeUnknown):
        await channel.send(MARIA, TEXT)
    assert len(Handset(http.world, MARIA).sms) == 1, "it was sent"


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, ChannelBroken), (429, RetryLater), (500, RetryLater), (502, OutcomeUnknown)],
)
async def test_no_answer_of_the_gateway(
    http: HttpGateway, channel: Channel, status: int, kind: type[DeliveryError]
) -> None:
    http.world.faults.append(Fault(http=status))
    with pytest.raises(kind):
        await channel.send(MARIA, TEXT)


async def test_only_words_go_to_numbers(channel: Channel) -> None:
    file = OutFile(kind=Kind.PHOTO, path="x", name="x", mime="image/png", size=1)
    with pytest.raises(Rejected, match="text only"):
        await channel.send(MARIA, OutboundPart(key="m1:0", kind=Kind.PHOTO, files=(file,)))
    with pytest.raises(Rejected):
        await channel.send("SBERBANK", TEXT)


@pytest.mark.parametrize("fields", [{}, {"id": "x", "phone": "7", "mes": "?"}, {"id": "5"}])
async def test_odd_calls_are_kept_and_acknowledged(
    channel: Channel, fields: dict[str, str]
) -> None:
    kept = MemoryIntake()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    body = urlencode(fields).encode()
    call = HookRequest(method="POST", headers=headers, query={}, body=body)
    assert (await channel.receive(call, kept)).status == 200
    assert (kept.stored, len(kept.refused)) == ({}, 1)
    assert (
        await channel.receive(HookRequest(method="PUT", headers={}, query={}, body=b""), kept)
    ).status == 405


async def test_the_check_tells_the_balance_or_the_cause(
    http: HttpGateway, channel: Channel
) -> None:
    with i18n.using("en"):
        report = await channel.check()
        assert (report.ok, report.line) == (True, "works, on the account: 500.00.")
        http.world.password = "another"
        report = await channel.check()
        assert (report.ok, report.line) == (False, faults.LOGIN_REFUSED)
