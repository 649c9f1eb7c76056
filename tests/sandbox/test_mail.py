"""A client's mail program on the stage: what it writes and what it takes."""

from __future__ import annotations

import asyncio
import smtplib
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from sandbox.mail import Letterbox, TakesMail
from sandbox.mail.window import CAN, MailWindow
from sandbox.stage.errors import StageError
from sandbox.stage.request import Upload
from sandbox.stage.windows import WindowAct, WindowInfo

SHOP = "zakaz@romashka.test"
NAME = "Цветочная лавка «Ромашка»"
INFO = WindowInfo(id="mail", name="Сергей", title=SHOP, skin="mail", can=CAN)


def letterbox() -> tuple[Letterbox, list[EmailMessage]]:
    """A mail program, and what the shop's server has got of it."""
    came: list[EmailMessage] = []

    def deliver(raw: bytes) -> None:
        message = message_from_bytes(raw, policy=policy.default)
        assert isinstance(message, EmailMessage)
        came.append(message)

    box = Letterbox(name="Сергей", address="sergey@client.test", shop=SHOP, deliver=deliver)
    return box, came


def answer(text: str, **headers: str) -> EmailMessage:
    message = EmailMessage()
    usual = {"From": f"{NAME} <{SHOP}>", "To": "Сергей <sergey@client.test>", "Subject": "Re: Зал"}
    for name, value in (usual | headers).items():
        message[name] = value
    message.set_content(text)
    return message


def send(port: int, *messages: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as smtp:
        smtp.login(SHOP, "demo")
        for message in messages:
            smtp.send_message(message)
        with pytest.raises(smtplib.SMTPResponseException):
            smtp.verify("x")
            raise smtplib.SMTPResponseException(*smtp.docmd("WRONG"))


async def test_what_leaves_the_shop_arrives_as_it_was() -> None:
    box, _came = letterbox()
    text = ".точка в начале\n..две\nконец\n\nИван пишет:\n> старое\n"
    other = answer("чужое", To="Ольга <olga@client.test>")
    letter = answer(text)
    letter.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="смета.pdf")
    async with TakesMail(box.take) as server:
        await asyncio.to_thread(send, server.port, other, letter)
    [found] = box.letters
    assert found.text == ".точка в начале\n..две\nконец"
    assert (found.author, found.subject, found.mine) == (NAME, "Re: Зал", False)
    assert [(one.name, one.data) for one in found.files] == [("смета.pdf", b"%PDF-1.4")]


async def test_letters_go_on_with_their_thread() -> None:
    box, came = letterbox()
    box.write("Сколько стоит?", subject="Зал")
    box.take(answer("35 000", **{"Message-ID": "<a1@romashka.test>"}).as_bytes())
    box.write("Спасибо")
    box.write("А шары?", subject="Другое")
    assert [one["Subject"] for one in came] == ["Зал", "Re: Зал", "Другое"]
    assert [one["In-Reply-To"] for one in came] == [None, "<a1@romashka.test>", None]
    assert came[0]["From"] == "Сергей <sergey@client.test>"


async def test_a_window_shows_letters_and_their_files() -> None:
    box, came = letterbox()
    window = MailWindow(box, INFO)
    upload = Upload("план.png", "image/png", b"\x89PNG")
    act = WindowAct(name="files", body={"caption": "Вот план", "subject": "Зал"}, uploads=(upload,))
    await window.act(act)
    [line] = window.screen().lines
    assert (line.subject, line.text, line.mine) == ("Зал", "Вот план", True)
    assert window.file(line.media[0].id).data == b"\x89PNG"
    assert [one.get_filename() for one in came[0].iter_attachments()] == ["план.png"]
    with pytest.raises(LookupError):
        window.file("9.0")


async def test_without_a_server_the_window_says_so() -> None:
    box, came = letterbox()
    window = MailWindow(box, INFO, closed="Нет Dovecot")
    assert [one.text for one in window.screen().lines] == ["Нет Dovecot"]
    with pytest.raises(StageError):
        await window.act(WindowAct(name="text", body={"text": "Есть кто?"}))
    assert came == []
