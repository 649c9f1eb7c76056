"""Rows of the register about mail, driven through the doors their users take."""

from __future__ import annotations

import pytest

from bot.dialogs.presses import DialogPress
from channels.email import threading
from crm_core.clients import commands as clients
from crm_core.files.store import store
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM, Role
from crm_core.mailforms import commands as forms
from sandbox.botapi.press import press_data
from tests import factories
from tests.bot.clients.scenes import press
from tests.bot.mailroom import Office, accepted, office, plain
from tests.bot.rig import labels
from tests.channels.email.mails import SALES, mail

__all__ = ["office"]

PDF = b"%PDF-1.4 price list"


@pytest.mark.feature("MAIL-04")
async def test_correspondence_is_led_and_kept(office: Office) -> None:
    """Written first, read, answered, passed on, found; files byte for byte both ways."""
    anna = await office.rig.employee("Анна")
    actor = await office.rig.actor(anna)
    made = await clients.create(actor, name="Иван Петров", email="ivan@client.example")
    found = anna.text("/find ivan@client.example")
    await anna.wait(lambda: any(one.id > found.id for one in anna.received()))
    await office.rig.settled()
    screen = anna.received()[-1]
    await press(anna, next(one for one in labels(screen) if one.startswith("1.")), screen)
    await press(anna, "📇 Контакты", screen)
    await press(anna, "✍️ Написать первым", screen)
    await press(anna, "ivan@client.example · Почта", screen)
    await anna.wait_text("Напишите сообщение")
    anna.text("Тема: Прайс-лист\nДобрый день! Прислать цены?")
    first = await office.sent()
    assert first["To"] == "Иван Петров <ivan@client.example>"
    assert first["Subject"] == "Прайс-лист"
    assert plain(first) == "Добрый день! Прислать цены?\n"
    answer = mail(
        "Да, вот наша заявка. Улитка-альбинос нужна срочно.",
        Subject="Re: Прайс-лист",
        In_Reply_To=str(first["Message-ID"]),
        files=[("заявка.pdf", "application/pdf", PDF)],
    )
    await office.arrives(answer)
    shown = await anna.wait_text("вот наша заявка")
    row = await db.fetchrow(
        "SELECT a.sha, m.dialog_id FROM attachment a JOIN message m ON m.id = a.message_id"
    )
    assert row is not None
    assert store().path(row["sha"]).read_bytes() == PDF
    await press_data(anna, shown, DialogPress(do="write", id=row["dialog_id"]).pack()).answer()
    anna.document(PDF, "прайс.pdf", caption="Наш прайс", mime_type="application/pdf")
    second = await office.sent(2)
    assert second["In-Reply-To"].startswith("<m")
    [file] = list(second.iter_attachments())
    assert (file.get_filename(), file.get_content()) == ("прайс.pdf", PDF)
    await anna.press("↪️ Переслать", shown).answer()
    await anna.wait_text("Кому?")
    anna.text("sklad@shop2.example")
    assert (await office.sent(3))["To"] == "sklad@shop2.example"
    asked = anna.text("/find улитка-альбинос")
    hits = await anna.wait(lambda: [one for one in anna.received() if one.id > asked.id])
    assert "Иван Петров" in hits[-1].text + " ".join(labels(hits[-1]))
    assert await db.fetchval("SELECT count(*) FROM dialog") == 1
    assert (
        await db.fetchval("SELECT count(*) FROM message WHERE client_id = $1", made.client_id) == 4
    )


@pytest.mark.feature("MAIL-05")
async def test_mail_finds_its_manager(office: Office) -> None:
    """A known sender to the client's manager, an answer into its dialog, others by the rule."""
    anna = await office.rig.employee("Анна")
    boris = await office.rig.employee("Борис")
    manager = await office.rig.actor(anna)
    made = await clients.create(SYSTEM, name="Иван", email="ivan@client.example")
    await db.execute("UPDATE client SET manager_id = $2 WHERE id = $1", made.client_id, manager.id)
    await office.arrives(mail("От известного", Message_ID="<k1@client.example>"))
    card = await anna.wait_text("От известного")
    assert not [one for one in boris.received() if "От известного" in one.text]
    await anna.press("✅ Принять", card).answer()
    await office.rig.settled()
    await office.arrives(
        mail(
            "Из другого ящика", From="Ольга <olga@home.example>", In_Reply_To="<k1@client.example>"
        )
    )
    await anna.wait_text("Из другого ящика")
    assert not [one for one in boris.received() if "Из другого" in one.text]
    await office.arrives(mail("От незнакомца", From="Пётр <petr@other.example>", Subject="Вопрос"))
    await boris.wait_text("От незнакомца")
    reason = await db.fetchval("SELECT reason->>'why' FROM dialog ORDER BY id DESC LIMIT 1")
    assert reason == "least_loaded"


@pytest.mark.feature("MAIL-09")
async def test_mail_of_another_program_lands_at_its_client(office: Office) -> None:
    """Forwarded and in hidden copy, to the personal address; matched by address and by thread."""
    first = mail("Сколько?", Message_ID="<c1@client.example>")
    anna, _shown = await accepted(office, first, "Сколько?")
    actor = await office.rig.actor(anna)
    anna.text("/mail")
    told = await anna.wait_text("скрытую копию")
    personal = threading.tagged(SALES, "e", str(actor.id))
    assert personal in told.text
    copy = mail(
        "Отвечаю из The Bat!",
        From="anna@home.example",
        To="ivan@client.example",
        In_Reply_To="<c1@client.example>",
        Delivered_To=personal,
    )
    await office.arrives(copy)
    text = (
        "-------- Исходное сообщение --------\nОт: Пётр <petr@other.example>\n"
        "Кому: anna@home.example\nТема: Рекламация\n\nНе работает.\n"
    )
    await office.arrives(
        mail(text, From="anna@home.example", Subject="Fwd: Рекламация", To=personal)
    )
    rows = await db.fetch(
        "SELECT m.direction, m.text, m.author_id, i.external_id FROM message m"
        " JOIN dialog d ON d.id = m.dialog_id JOIN identity i ON i.id = d.identity_id ORDER BY m.id"
    )
    assert [tuple(row.values()) for row in rows[1:]] == [
        ("out", "Заказ\n\nОтвечаю из The Bat!", actor.id, "ivan@client.example"),
        ("in", "Рекламация\n\nНе работает.", None, "petr@other.example"),
    ]
    assert await db.fetchval("SELECT unanswered_since FROM dialog WHERE id = 1") is None


@pytest.mark.feature("REQ-15")
async def test_a_form_by_mail_becomes_an_application(office: Office) -> None:
    template = "Имя: {name}\nТелефон: {phone}\nТовар: {Товар}\n"
    form = forms.Form(title="Форма сайта", template=template, sender="robot@site.example")
    admin = await factories.employee("Ада", role=Role.ADMIN, presence="off")
    await forms.save(admin, form=form)
    anna = await office.rig.employee("Анна")
    await office.arrives(
        mail("Имя: Олег Петров\nТелефон: 8 912 345-67-89\nТовар: Розы", From="robot@site.example")
    )
    card = await anna.wait_text("Олег Петров")
    assert "Форма сайта" in card.text
    assert "+7 912 345-67-89" in card.text
    assert "Товар: Розы" in card.text
    assert "✅ Принять" in labels(card)
    await office.arrives(mail("Имя: Игорь", From="robot@site.example"))
    row = await db.fetchrow("SELECT error FROM raw_event WHERE state = 'failed'")
    assert row is not None
    assert "Телефон, Товар" in row["error"]
    assert await db.fetchval("SELECT count(*) FROM message") == 0
