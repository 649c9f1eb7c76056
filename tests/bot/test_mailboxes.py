"""A person's own mailbox, connected and set in the bot, against a real mail server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import orjson
import pytest
import pytest_asyncio

from crm_core.accounts import mailboxes
from crm_core.accounts.commands import set_broken, unsealed
from crm_core.kernel import clock, db
from crm_core.kernel.actors import Role
from crm_core.kernel.errors import Forbidden, Invalid
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.state import Message
from sandbox.dovecot.server import free_ports
from sandbox.smtp import Sink
from tests import factories
from tests.bot.clients.scenes import press, row
from tests.bot.rig import Rig, labels
from tests.channels.email.conftest import box, post
from tests.channels.email.post import PASSWORD, Box, letter
from tests.waiting import eventually

__all__ = ["box", "post"]
WRONG = "не тот пароль"


@pytest_asyncio.fixture(loop_scope="session")
async def sink(box: Box) -> AsyncIterator[Sink]:
    async with Sink(logins={box.address: PASSWORD}) as found:
        yield found


def lines(box: Box, sink: Sink, *, host: str = "localhost", port: int = 0) -> str:
    """The servers as a person writes them."""
    port = port or box.dovecot.ports["imap"]
    return f"{host}:{port} none\nlocalhost:{sink.port} none"


async def opened_list(person: Person) -> Message:
    """The list of mailboxes, from the settings."""
    home = person.received()[0]
    await press(person, "⚙️ Настройки", home)
    await press(person, "✉️ Почтовые ящики", home)
    return home


async def begun(person: Person, box: Box) -> None:
    """The address is told; its service is not known."""
    home = await opened_list(person)
    await press(person, "➕ Подключить ящик", home)
    await person.wait_text("Напишите адрес ящика")
    person.text(box.address)
    await person.wait_text("Где находится эта почта?")


async def password(person: Person, text: str) -> Message:
    """Tell the password; the message of the person is gone when it was read."""
    await person.wait_text("Напишите пароль для почтовых программ")
    written = person.text(text)
    await person.wait(lambda: written.id not in person.chat.messages)
    return written


async def connected(rig: Rig, person: Person, box: Box, sink: Sink) -> Message:
    """A mailbox that works; the card of its settings."""
    await begun(person, box)
    person.text(lines(box, sink))
    await password(person, PASSWORD)
    await person.wait_text("почта принимается и отправляется", timeout=20)
    await rig.settled()
    return person.received()[-1]


async def config() -> dict[str, Any]:
    found = await db.fetchval("SELECT config FROM channel WHERE kind = 'email'")
    return unsealed(found)


async def test_a_manager_connects_a_mailbox(rig: Rig, box: Box, sink: Sink) -> None:
    """Old mail stays where it is, that of the chosen day comes, new mail comes at once."""
    for days, words in ((40, "Позапрошлый месяц"), (3, "Три дня назад")):
        at = clock.now() - timedelta(days=days)
        box.mail.deliver(letter(words, Subject=words), at=at.timestamp())
    anna = await rig.employee("Анна")
    shown = await connected(rig, anna, box, sink)
    assert box.address in shown.text
    box.mail.deliver(letter("Свежее письмо"))
    await anna.wait_text("Свежее письмо", timeout=20)
    assert not any("Три дня назад" in one.text for one in anna.received())
    await press(anna, "📅 С какого дня", shown)
    anna.text((clock.now() - timedelta(days=7)).strftime("%d.%m.%Y"))
    await anna.wait_text("Три дня назад", timeout=20)
    await rig.settled()
    subjects = await db.fetch("SELECT text FROM message WHERE direction = 'in'")
    assert len(subjects) == 2, "each once, the oldest not at all"


@pytest.mark.feature("MAIL-10")
async def test_every_wrong_setting_has_its_own_cause(rig: Rig, box: Box, sink: Sink) -> None:
    """Wrong password, host and port are told apart; then signature, folders, off and on."""
    anna = await rig.employee("Анна")
    (closed,) = free_ports(1)
    await begun(anna, box)
    anna.text(lines(box, sink, host="no-such-server.invalid"))
    await password(anna, PASSWORD)
    fault = await anna.wait_text("Сервера no-such-server.invalid нет", timeout=30)
    await press(anna, "🖧 Другие серверы", fault)
    anna.text(lines(box, sink, port=closed))
    fault = await anna.wait_text(f"не принимает соединения на порту {closed}", timeout=30)
    await press(anna, "🖧 Другие серверы", fault)
    anna.text(lines(box, sink))
    await anna.wait_text("почта принимается и отправляется", timeout=30)
    await rig.settled()
    shown = anna.received()[-1]
    await press(anna, "🔑 Пароль", shown)
    await password(anna, WRONG)
    await anna.wait_text("не принимает логин или пароль", timeout=30)
    assert (await config())["password"] == PASSWORD, "what does not work is not kept"
    await password(anna, PASSWORD)
    await settings(rig, anna)
    kept = orjson.dumps([dict(one) for one in await db.fetch(EVERYTHING)], default=str).decode()
    assert PASSWORD not in kept
    assert WRONG not in kept


EVERYTHING = """
SELECT body::text AS text FROM raw_event UNION ALL SELECT config::text FROM channel
UNION ALL SELECT data::text FROM view_memory UNION ALL SELECT data::text FROM event
UNION ALL SELECT result::text FROM command_key
"""


async def settings(rig: Rig, anna: Person) -> None:
    """Each is asked for and kept; nothing is lost by a change of another."""
    await rig.settled()
    for button, answer, name, value in (
        ("📝 Подпись", "С уважением,\nАнна", "signature", "С уважением,\nАнна"),
        ("👤 Имя отправителя", "Анна из «Ромашки»", "sender_name", "Анна из «Ромашки»"),
        ("📁 Папки", "INBOX", "folders", ["INBOX"]),
    ):
        shown = anna.received()[-1]
        await press(anna, button, shown)
        anna.text(answer)
        await eventually(lambda n=name, v=value: _is(n, v), what=name)  # type: ignore[misc]
        await rig.settled()
    shown = anna.received()[-1]
    assert len(shown.text.splitlines()) <= 12
    await press(anna, "⚪ Выключить", shown)
    assert not await db.fetchval("SELECT active FROM channel WHERE kind = 'email'")
    await press(anna, "🟢 Включить", shown)
    assert await db.fetchval("SELECT active FROM channel WHERE kind = 'email'")
    assert (await config())["password"] == PASSWORD


async def _is(name: str, value: Any) -> bool:
    return bool((await config()).get(name) == value)


async def test_ones_own_only_and_administrators_all(rig: Rig, box: Box, sink: Sink) -> None:
    anna, boris = await rig.employee("Анна"), await rig.employee("Борис")
    ada = await rig.employee("Ада", role=Role.ADMIN)
    await connected(rig, anna, box, sink)
    home = await opened_list(boris)
    assert not any(box.address in one for one in labels(home))
    number = await db.fetchval("SELECT id FROM channel WHERE kind = 'email'")
    actor = await rig.actor(boris)
    with pytest.raises(Forbidden):
        await mailboxes.configure(actor, channel_id=number, config={"signature": "чужое"})
    with pytest.raises(Forbidden):
        await mailboxes.connect(actor, config={"address": "a@b.ru"}, owner_id=0)
    with pytest.raises(Invalid):
        await mailboxes.connect(actor, config={"address": "a@b.ru", "ca_file": "/etc/passwd"})
    with pytest.raises(Invalid):
        owner = await rig.actor(anna)
        await mailboxes.configure(owner, channel_id=number, config={"owner": actor.id})
    home = await opened_list(ada)
    await press(ada, row(home, box.address), home)
    await press(ada, "⚪ Выключить", home)
    await press(ada, "✖️ Отключить", home)
    await press(ada, "✖️ Отключить", home)
    assert await db.fetchval("SELECT config::text FROM channel WHERE id = $1", number) == "{}"
    await press(ada, "➕ Подключить ящик", home)
    assert {"👤 Мой", "🏢 Общий", "👤 Борис"} & set(labels(home)) >= {"🏢 Общий", "👤 Борис"}


async def test_an_address_is_connected_once(rig: Rig, box: Box, sink: Sink) -> None:
    anna = await rig.employee("Анна")
    await connected(rig, anna, box, sink)
    boris = await factories.employee("Борис")
    with pytest.raises(Exception, match="connected already"):
        await mailboxes.connect(boris, config={"address": box.address.upper()})


async def test_its_owner_is_told_when_it_breaks(rig: Rig, box: Box, sink: Sink) -> None:
    anna = await rig.employee("Анна")
    await connected(rig, anna, box, sink)
    number = await db.fetchval("SELECT id FROM channel WHERE kind = 'email'")
    await set_broken(number, "There is no such mailbox.")
    told = await anna.wait_text("не работает")
    await press(anna, "📡 Открыть", told)
    assert "Такого почтового ящика нет." in told.text
    assert "🔑 Пароль" in labels(told)
