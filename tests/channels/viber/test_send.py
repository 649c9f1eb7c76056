"""Answers: what Viber is sent, what its refusals mean, the webhook, the check."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from channels.viber import faults
from channels.viber.channel import Channel
from channels.viber.registrar import Registrar
from channels.viber.render import keyboard
from crm_core.dialogs.messages import (
    Button,
    ContactCard,
    Kind,
    Location,
    OutboundPart,
    OutFile,
)
from crm_core.files.links import check_content_token
from crm_core.kernel import db, i18n
from routing.contracts import (
    ChannelBroken,
    DeliveryError,
    OutcomeUnknown,
    RecipientUnreachable,
    Rejected,
    RetryLater,
)
from sandbox.botapi.images import plain_png
from sandbox.viber.faults import Fault
from tests import factories
from tests.channels.viber.conftest import Shop

pytestmark = pytest.mark.usefixtures("opened")
TEXT = OutboundPart(key="m1:0", text="Есть, 350 ₽")


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def subscribed(shop: Shop) -> None:
    shop.maria.text("Здравствуйте")


async def send(shop: Shop, part: OutboundPart = TEXT) -> tuple[str, ...]:
    return (await shop.channel.send(shop.maria.user.id, part)).external_ids


async def test_a_text_arrives_under_our_name(shop: Shop) -> None:
    ids = await send(shop)
    said = shop.maria.chat.said[-1]
    assert ids == (str(said.token),)
    assert (said.body["text"], said.sender) == ("Есть, 350 ₽", "Ромашка")


async def test_contact_and_location(shop: Shop) -> None:
    card = ContactCard(phone="+79160000000", name="Лавка")
    await send(shop, OutboundPart(key="m1:0", kind=Kind.CONTACT, contact=card))
    place = Location(latitude=55.75, longitude=37.61)
    await send(shop, OutboundPart(key="m1:1", kind=Kind.LOCATION, location=place))
    contact, location = (said.body for said in shop.maria.chat.said[-2:])
    assert contact["contact"] == {"name": "Лавка", "phone_number": "+79160000000"}
    assert location["location"] == {"lat": "55.750000", "lon": "37.610000"}


@pytest_asyncio.fixture(loop_scope="session")
async def files(shop: Shop, tmp_path: Path) -> AsyncIterator[Path]:
    """Our `/files/c/…` on the webhook's host, serving a folder instead of the store."""

    async def serve(request: web.Request) -> web.StreamResponse:
        sha = check_content_token(request.match_info["token"], request.match_info["name"])
        return web.FileResponse(tmp_path / sha) if sha else web.Response(status=403)

    app = web.Application()
    app.router.add_get("/files/c/{token}/{name}", serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    shop.channel = Channel(replace(shop.account, hook_url=f"{base}/hooks/1/s"))
    yield tmp_path
    await shop.channel.close()
    await runner.cleanup()


def stored(folder: Path, content: bytes, **rest: Any) -> OutFile:
    path = folder / ("ab" * 32)
    path.write_bytes(content)
    return OutFile(path=str(path), size=len(content), **rest)


@pytest.mark.parametrize(
    ("sort", "name", "sent_as"),
    [
        ((Kind.PHOTO, "image/png"), "пион", "picture"),
        ((Kind.PHOTO, "image/webp"), "пион.webp", "file"),
        ((Kind.DOCUMENT, "application/pdf"), "счёт № 7.pdf", "file"),
        ((Kind.VIDEO, "video/mp4"), "букет.mp4", "video"),
        ((Kind.VOICE, "audio/ogg"), "голос.ogg", "file"),
    ],
)
async def test_files_are_fetched_from_us(
    shop: Shop, files: Path, sort: tuple[Kind, str], name: str, sent_as: str
) -> None:
    kind, mime = sort
    content = plain_png(40, 30)
    file = stored(files, content, kind=kind, mime=mime, name=name)
    await send(shop, OutboundPart(key="m1:0", kind=kind, files=(file,)))
    said = shop.maria.chat.said[-1]
    assert (said.body["type"], said.state) == (sent_as, "delivered")
    assert said.file is not None
    assert said.file.data == content
    assert said.file.name.startswith(name)


async def test_a_link_ends_and_opens_one_name_only(shop: Shop, files: Path) -> None:
    file = stored(files, b"x", kind=Kind.DOCUMENT, mime="text/plain", name="a.txt")
    await send(shop, OutboundPart(key="m1:0", kind=Kind.DOCUMENT, files=(file,)))
    token = str(shop.maria.chat.said[-1].body["media"]).split("/")[-2]
    assert check_content_token(token, "a.txt") == "ab" * 32
    assert check_content_token(token, "b.txt") is None
    assert check_content_token(token.replace("ab", "cd", 1), "a.txt") is None
    assert check_content_token("nonsense", "a.txt") is None


async def test_a_file_that_is_gone_is_rejected(shop: Shop, files: Path) -> None:
    file = stored(files, b"x", kind=Kind.DOCUMENT, mime="text/plain", name="a.txt")
    file = replace(file, path=f"{file.path}0")
    with pytest.raises(Rejected, match="no longer"):
        await send(shop, OutboundPart(key="m1:0", kind=Kind.DOCUMENT, files=(file,)))


async def test_buttons_stand_in_rows_of_six_columns(shop: Shop) -> None:
    rows = (
        (Button(text="Цены", data="price"), Button(text="Адрес", data="where")),
        tuple(Button(text=str(number), data=f"n{number}") for number in range(4)),
        (Button(text="Сайт", url="https://shop.example"),),
    )
    await send(shop, replace(TEXT, buttons=rows))
    found = shop.maria.chat.keyboard or {}
    assert [button["Columns"] for button in found["Buttons"]] == [3, 3, 1, 1, 1, 3, 6]
    assert found["Buttons"][-1]["ActionType"] == "open-url"
    assert keyboard(((Button(text="Да", data="yes"),),))["Buttons"][0]["ActionBody"] == "yes"


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (1, ChannelBroken, faults.BAD_HOOK),
        (2, ChannelBroken, faults.TOKEN_REFUSED),
        (3, Rejected, faults.REFUSED),
        (5, RecipientUnreachable, faults.NOT_REGISTERED),
        (6, RecipientUnreachable, faults.NOT_SUBSCRIBED),
        (7, ChannelBroken, faults.BLOCKED),
        (10, ChannelBroken, faults.NO_HOOK),
        (12, RetryLater, faults.TOO_MANY),
        (13, Rejected, faults.OLD_DEVICE),
        (23, ChannelBroken, faults.NOT_PAID),
        (99, RetryLater, faults.OUT_OF_ORDER),
    ],
)
async def test_a_refusal_inside_a_200(
    shop: Shop, status: int, kind: type[DeliveryError], words: str
) -> None:
    shop.world.faults.append(Fault(method="send_message", status=status))
    with pytest.raises(kind) as caught:
        await send(shop)
    assert str(caught.value) == words
    assert len(shop.maria.chat.said) == 1


async def test_an_answer_that_never_came_is_unknown(shop: Shop) -> None:
    shop.world.faults.append(Fault(method="send_message", lost=True))
    with pytest.raises(OutcomeUnknown):
        await send(shop)
    assert len(shop.maria.chat.said) == 2, "it did arrive"


@pytest.mark.parametrize(
    ("http", "kind"),
    [(404, ChannelBroken), (429, RetryLater), (500, RetryLater), (502, OutcomeUnknown)],
)
async def test_no_answer_of_vibers(shop: Shop, http: int, kind: type[DeliveryError]) -> None:
    shop.world.faults.append(Fault(method="send_message", http=http))
    with pytest.raises(kind):
        await send(shop)


async def test_nobody_at_the_address(shop: Shop) -> None:
    config = shop.account.config.model_copy(update={"api_url": "http://127.0.0.1:9"})
    channel = Channel(replace(shop.account, config=config))
    with pytest.raises(RetryLater):
        await channel.send(shop.maria.user.id, TEXT)
    await channel.close()


async def test_the_hundredth_unanswered_message_is_the_last_of_the_hour(shop: Shop) -> None:
    """Known from our own rows: Viber is not even asked."""
    channel_id = await factories.channel("viber", "Viber", token="x" * 20, sender_name="Лавка")
    await db.execute(
        "WITH c AS (INSERT INTO client (name, folded, created_at, touched_at)"
        " VALUES ('М', 'м', now(), now()) RETURNING id), i AS (INSERT INTO identity"
        " (channel_id, external_id, name, client_id) SELECT $1, $2, 'М', id FROM c RETURNING id,"
        " client_id), d AS (INSERT INTO dialog (channel_id, chat, identity_id, client_id, state,"
        " opened_at, last_at) SELECT $1, $2, id, client_id, 'open', now(), now() FROM i"
        " RETURNING id, client_id), m AS (INSERT INTO message (dialog_id, client_id, direction,"
        " kind, at, created_at) SELECT id, client_id, 'out', 'text', now(), now() FROM d,"
        " generate_series(1, 100) RETURNING id) INSERT INTO outbox (lane, chat, kind, data,"
        " message_id, state, next_at, created_at, done_at) SELECT 'channel:' || $1::bigint, $2,"
        " 'part', '{}', id, 'sent', now(), now(), now() - interval '10 minutes' FROM m",
        channel_id,
        shop.maria.user.id,
    )
    channel = Channel(replace(shop.account, id=channel_id))
    calls = len(shop.world.calls)
    with pytest.raises(RetryLater) as caught:
        await channel.send(shop.maria.user.id, TEXT)
    assert (caught.value.chat_only, caught.value.after) == (True, 600.0)
    assert len(shop.world.calls) == calls
    await db.execute("UPDATE dialog SET last_inbound_at = now()")
    assert (await channel.send(shop.maria.user.id, TEXT)).external_ids
    await channel.close()


async def register(shop: Shop) -> tuple[list[str | None], list[float]]:
    """One round of the registrar: what it noted, how long it would wait."""
    noted: list[str | None] = []
    pauses: list[float] = []

    async def note(fault: str | None) -> None:
        noted.append(fault)

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        raise InterruptedError

    registrar = Registrar(api=shop.channel._api, account=shop.account, note=note, pause=pause)
    with pytest.raises(InterruptedError):
        await registrar.run()
    return noted, pauses


async def test_the_webhook_is_registered_when_viber_knows_another(shop: Shop) -> None:
    shop.bot.webhook = "http://127.0.0.1:9/old"
    assert await register(shop) == ([None], [900.0])
    assert shop.bot.webhook == shop.account.hook_url
    calls = len(shop.world.calls)
    await register(shop)
    assert [method for method, _ in shop.world.calls[calls:]] == ["get_account_info"]


async def test_a_refused_token_is_noted_at_the_account(shop: Shop) -> None:
    shop.world.faults.append(Fault(method="get_account_info", status=2))
    assert await register(shop) == ([faults.TOKEN_REFUSED], [30.0])


async def test_a_webhook_nobody_answers_is_named(shop: Shop) -> None:
    shop.account = replace(shop.account, hook_url="http://127.0.0.1:9/hooks/1/s")
    assert await register(shop) == ([faults.BAD_HOOK], [30.0])


async def test_the_check_names_the_bot_or_the_cause(shop: Shop) -> None:
    with i18n.using("en"):
        report = await shop.channel.check()
    assert report.ok
    assert report.line.startswith("Ромашка (shop): works, messages come to 127.0.0.1")
    shop.world.faults.append(Fault(method="get_account_info", status=2))
    with i18n.using("en"):
        report = await shop.channel.check()
    assert (report.ok, report.line) == (False, faults.TOKEN_REFUSED)
    nowhere = Channel(replace(shop.account, hook_url=None))
    with i18n.using("en"):
        report = await nowhere.check()
    assert (report.ok, report.line.endswith(faults.NO_HOOK)) == (False, True)
    await nowhere.close()
