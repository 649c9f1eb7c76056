"""Mail in the bot: read, whole, answered, to all, passed on; what leaves is real SMTP."""

from __future__ import annotations

from crm_core.files.store import store
from crm_core.kernel import db
from tests.bot.mailroom import Office, accepted, office, plain
from tests.channels.email.mails import mail
from tests.channels.email.replies import CLIENTS

__all__ = ["office"]

PDF = b"%PDF-1.4 price list"


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
