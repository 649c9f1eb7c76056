"""Mail in the bot: read, whole, answered, to all, passed on; what leaves is real SMTP."""

from __future__ import annotations

import email
import email.policy
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.message import EmailMessage

import pytest_asyncio

from channels.email import mime
from channels.email.channel import Channel
from channels.email.config import Config
from channels.email.keeping import Keeper
from channels.email.letters import Letter, Place
from channels.email.threads import placed
from crm_core.files.store import store
from crm_core.kernel import clock, db
from routing.contracts import Account
from routing.inbound.pipe import InboundPipe
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.state import Message
from sandbox.smtp import Sink
from tests import factories
from tests.bot.rig import Rig, labels
from tests.channels.email.mails import SALES, mail
from tests.channels.email.replies import CLIENTS
from tests.waiting import eventually

PDF = b"%PDF-1.4 price list"


@dataclass
class Office:
    """A mailbox that collects nothing by itself, and the server its mail leaves by."""

    rig: Rig
    sink: Sink
    account: Account
    config: Config
    uid: int = 0

    async def arrives(self, raw: bytes) -> None:
        """As if the mail had been collected from a server."""
        self.uid += 1
        keeper = Keeper(
            account=self.account,
            config=self.config,
            intake=InboundPipe().intake(self.account.id, Channel.parse),
            digest=mime.digest,
            place=placed,
        )
        letter = Letter(uid=str(self.uid), raw=raw, size=len(raw), received=clock.now())
        assert await keeper.keep(Place(folder="INBOX", uidvalidity=1), keeper.read([letter])) == 1
        await self.rig.settled()

    async def sent(self, count: int = 1) -> EmailMessage:
        """The newest mail that left, once there are so many."""

        async def left() -> bool:
            return len(self.sink.taken) >= count

        await eventually(left, what="a mail to leave")
        await self.rig.settled()
        found = email.message_from_bytes(self.sink.taken[-1].raw, policy=email.policy.default)
        assert isinstance(found, EmailMessage)
        return found


@pytest_asyncio.fixture(loop_scope="session")
async def office(rig: Rig) -> AsyncIterator[Office]:
    async with Sink() as sink:
        settings = {
            "address": SALES,
            "sender_name": "Магазин",
            "password": "secret",
            "incoming": "none",
            "smtp_host": "127.0.0.1",
            "smtp_port": sink.port,
            "smtp_security": "none",
        }
        channel_id = await factories.channel("email", "Почта", **settings)
        account = Account(
            id=channel_id,
            kind="email",
            name="Почта",
            hook_url=None,
            hook_secret="",
            config=Config.model_validate(settings),
        )
        yield Office(rig, sink, account, Config.model_validate(settings))


def plain(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert isinstance(body, EmailMessage)
    return str(body.get_content()).replace("\r", "")


async def accepted(office: Office, raw: bytes, words: str) -> tuple[Person, Message]:
    """A manager who has taken the mail, and the mail on their screen."""
    anna = await office.rig.employee("Анна")
    await office.arrives(raw)
    card = await anna.wait_text(words)
    await anna.press("✅ Принять", card).answer()
    await office.rig.settled()
    shown = next(one for one in reversed(anna.received()) if "↪️ Переслать" in labels(one))
    return anna, shown


async def test_a_mail_is_read_folded_and_whole(office: Office) -> None:
    text = f"Сколько стоит доставка?\n\nС уважением,\nИван\n\n{CLIENTS['gmail-ru']}"
    anna, shown = await accepted(office, mail(text), "Сколько стоит доставка?")
    assert "Иван Петров" in shown.text
    assert "Заказ\n\nСколько стоит доставка?" in shown.text
    assert "Стоимость доставки 500" not in shown.text
    await anna.press("📄 Письмо целиком", shown).answer()
    whole = await anna.wait_text("Стоимость доставки 500")
    assert "С уважением" in whole.text


async def test_a_long_mail_is_cut_and_comes_as_a_file(office: Office) -> None:
    text = "\n".join(f"Позиция {number}: 10 штук" for number in range(400))
    anna, shown = await accepted(office, mail(text), "Позиция 0:")
    assert len(shown.text) < 3300
    await anna.press("📄 Письмо целиком", shown).answer()
    await anna.wait(lambda: any("document" in one.content for one in anna.received()))


async def test_an_answer_goes_to_the_sender_in_the_thread(office: Office) -> None:
    raw = mail("Сколько стоит?", Message_ID="<m1@client.example>", Cc="buh@client.example")
    anna, shown = await accepted(office, raw, "Сколько стоит?")
    assert "👥 buh@client.example" in shown.text
    anna.text("500 рублей", reply_to=shown)
    sent = await office.sent()
    assert sent["To"] == "Иван Петров <ivan@client.example>"
    assert sent["Subject"] == "Re: Заказ"
    assert sent["In-Reply-To"] == "<m1@client.example>"
    assert sent["Cc"] is None
    assert plain(sent).startswith("500 рублей")
    await office.arrives(mail("Беру", Subject="Re: Заказ", In_Reply_To=str(sent["Message-ID"])))
    await anna.wait_text("Беру")
    assert (
        await db.fetchval("SELECT count(*) FROM dialog WHERE channel_id = $1", office.account.id)
        == 1
    )


async def test_an_answer_to_all_with_a_subject(office: Office) -> None:
    raw = mail("Нужен счёт", Cc="Бухгалтерия <buh@client.example>, info@client.example")
    anna, shown = await accepted(office, raw, "Нужен счёт")
    await anna.press("↩️ Ответить всем", shown).answer()
    prompt = await anna.wait_text("Напишите ответ")
    assert "Копия: buh@client.example, info@client.example" in prompt.text
    anna.text("Тема: Счёт № 5\nКопия: buh@client.example\nВысылаем.")
    sent = await office.sent()
    assert sent["To"] == "ivan@client.example"
    assert sent["Cc"] == "buh@client.example"
    assert sent["Subject"] == "Счёт № 5"
    assert plain(sent).startswith("Высылаем.")
    assert office.sink.taken[-1].recipients == ("ivan@client.example", "buh@client.example")


async def test_a_mail_passed_on_keeps_its_files(office: Office) -> None:
    raw = mail("Посмотрите прайс", files=[("прайс.pdf", "application/pdf", PDF)])
    anna, shown = await accepted(office, raw, "Посмотрите прайс")
    await anna.press("↪️ Переслать", shown).answer()
    await anna.wait_text("Кому?")
    anna.text("без адреса")
    await anna.wait_text("В первой строке нужен адрес")
    await anna.press("↪️ Переслать", shown).answer()
    anna.text("sklad@shop2.example\nЕсть на складе?")
    sent = await office.sent()
    assert sent["To"] == "sklad@shop2.example"
    assert sent["Subject"] == "Fwd: Заказ"
    text = plain(sent)
    assert text.startswith(
        "Есть на складе?\n\n---------- Пересылаемое сообщение ----------\nОт кого: "
    )
    assert "Посмотрите прайс" in text
    [file] = list(sent.iter_attachments())
    assert (file.get_filename(), file.get_content()) == ("прайс.pdf", PDF)
    waiting = await db.fetchval(
        "SELECT unanswered_since FROM dialog WHERE channel_id = $1", office.account.id
    )
    assert waiting is not None


async def test_files_of_a_mail_are_kept_byte_for_byte(office: Office) -> None:
    files = [
        ("a.pdf", "application/pdf", PDF),
        ("b.bin", "application/octet-stream", b"\x00\xff\r\n\n"),
    ]
    anna, _shown = await accepted(office, mail("Два файла", files=files), "Два файла")
    rows = await db.fetch("SELECT name, sha, state FROM attachment ORDER BY id")
    assert [row["name"] for row in rows] == ["a.pdf", "b.bin"]
    assert [store().path(row["sha"]).read_bytes() for row in rows] == [one[2] for one in files]
    assert sum("document" in one.content for one in anna.received()) == 2
