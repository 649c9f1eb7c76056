"""A call to the bot in the books: request, client, recording, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from app.voicebots.books import Books
from crm_core.clients import commands as clients
from crm_core.files.store import store
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM
from crm_core.requests.queries import request
from telephony.voicebot.incoming import End, Incoming, Reason
from telephony.voicebot.report import Report, Spoken
from telephony.voicebot.shapes import Slots

REPORT = Report(
    bot_id=3,
    call=Incoming(
        id="call-1", number="+79161234567", dialled="74950051", reason=Reason.CLOSED, ref="pbx-1.2"
    ),
    began=datetime(2026, 11, 20, 18, 0, tzinfo=UTC),
    seconds=31.5,
    slots=Slots(
        agreed=True,
        name="Иван",
        topic="Доставка",
        words="где мой заказ",
        number="+79161234567",
        when=datetime(2026, 11, 21, 10, 0, tzinfo=UTC),
        confirmed=True,
    ),
    step="confirm",
    transcript=(Spoken(0.0, "bot", "Здравствуйте!"), Spoken(65.2, "caller", "да")),
    end=End.BOT,
)
WAV = b"RIFF0000WAVEsound"


async def test_a_call_becomes_a_request_with_its_recording(opened: str) -> None:
    await Books().take(REPORT, WAV)
    found = await request(SYSTEM, 1)
    assert found is not None
    assert (found.kind, found.subject) == ("call", "Доставка")
    assert found.text == "0:00 Бот: Здравствуйте!\n1:05 Клиент: да"
    row = await db.fetchrow("SELECT person, details, recording FROM request")
    assert row is not None
    assert '"Иван"' in row["person"]
    assert "pbx-1.2" in row["details"]
    sha = row["recording"].removeprefix("file:")
    assert b"".join([part async for part in store().read(sha)]) == WAV
    assert await db.fetchval("SELECT mime FROM stored_file WHERE sha = $1", sha) == "audio/wav"


async def test_the_same_call_twice_is_one_request(opened: str) -> None:
    for _ in range(2):
        await Books().take(REPORT, WAV)
    await Books().take(replace(REPORT, call=replace(REPORT.call, id="call-2")), WAV)
    assert await db.fetchval("SELECT count(*) FROM request") == 2


async def test_the_client_is_known_by_the_number(opened: str) -> None:
    created = await clients.create(SYSTEM, name="Пётр", phone="+7 916 123-45-67")
    assert await Books().known("89161234567") == "Пётр"
    assert await Books().known("+79160000000") == ""
    assert await Books().known("101") == ""
    await Books().take(REPORT, WAV)
    assert await db.fetchval("SELECT client_id FROM request") == created.client_id


async def test_who_was_put_through_or_declined_needs_no_request(opened: str) -> None:
    await Books().take(replace(REPORT, end=End.MOVED), WAV)
    await Books().take(replace(REPORT, slots=Slots(agreed=False)), WAV)
    assert await db.fetchval("SELECT count(*) FROM request") == 0


async def test_who_hung_up_at_the_greeting_is_not_lost(opened: str) -> None:
    await Books().take(replace(REPORT, slots=Slots(), end=End.CALLER), WAV)
    subject, person = await db.fetchrow("SELECT subject, person FROM request") or ("", "")
    assert subject == "Звонок в нерабочее время"
    assert "+79161234567" in person
