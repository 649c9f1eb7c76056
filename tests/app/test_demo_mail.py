"""The demo plays on where there is no mail server, or none that starts."""

from __future__ import annotations

import pytest

from app.demo import mail
from sandbox.dovecot import Dovecot


def line(troupe: mail.MailTroupe) -> str:
    """What stands in the window."""
    return "".join(one.text for one in troupe.windows[0].screen().lines)


async def test_no_mail_server_on_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "available", lambda: False)
    troupe = mail.MailTroupe()
    async with troupe.running():
        await troupe.prepare()
        assert "нет Dovecot" in line(troupe)


async def test_a_mail_server_that_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_self: Dovecot) -> None:
        message = "dovecot does not start"
        raise RuntimeError(message)

    monkeypatch.setattr(mail, "available", lambda: True)
    monkeypatch.setattr(Dovecot, "start", broken)
    troupe = mail.MailTroupe()
    async with troupe.running():
        await troupe.prepare()
        assert "не запустился" in line(troupe)
