"""Commands of the card: what they write, tell and refuse."""

from __future__ import annotations

import asyncio

import pytest

from crm_core.clients import commands as clients
from crm_core.clients import queries
from crm_core.clients.rules import ContactKind, normalize_contact
from crm_core.kernel import commands, db, i18n
from crm_core.kernel.actors import SYSTEM, Actor, Role
from crm_core.kernel.errors import Forbidden, Invalid, NotFound
from tests.crm_core.clients import people


async def _facts(client_id: int) -> list[str]:
    rows = await db.fetch("SELECT type FROM event WHERE client_id = $1 ORDER BY id", client_id)
    return [row["type"] for row in rows]


async def test_a_client_is_created_with_contacts(opened: str) -> None:
    anna = await people.employee()
    done = await commands.run(
        anna, "client.create", {"name": "  Пётр Ёлкин ", "phone": "8 912 345-67-89"}
    )
    card = await queries.card(done["client_id"])
    assert (card.name, card.manager_id, done["duplicates"]) == ("Пётр Ёлкин", anna.id, [])
    assert [(one.value, one.shown) for one in card.contacts] == [
        ("+79123456789", "+7 912 345-67-89")
    ]
    assert await _facts(card.id) == ["ClientCreated", "ContactAdded"]
    assert [one.id for one in await queries.search("елкин")] == [card.id]


async def test_a_known_phone_points_to_the_other_card(opened: str) -> None:
    first = await people.client("Пётр", phone="+79123456789")
    done = await clients.create(SYSTEM, name="Пётр Петров", phone="89123456789")
    assert done.duplicates == (first,)
    again = await clients.add_contact(
        SYSTEM, client_id=done.client_id, kind=ContactKind.PHONE, value="+7 912 3456789"
    )
    assert again.duplicates == (first,)
    assert len((await queries.card(done.client_id)).contacts) == 1
    assert await _facts(done.client_id) == ["ClientCreated", "ContactAdded"]


async def test_rename_note_and_manager(opened: str) -> None:
    anna = await people.employee()
    one = await people.client("Старое имя")
    await clients.rename(anna, client_id=one, name="Новое имя")
    await clients.rename(anna, client_id=one, name="Новое имя")
    await clients.note(anna, client_id=one, text="Любит чай")
    await clients.set_manager(anna, client_id=one, manager_id=anna.id)
    await clients.set_manager(anna, client_id=one, manager_id=anna.id)
    card = await queries.card(one)
    assert (card.name, card.manager_name) == ("Новое имя", anna.name)
    assert [(note.text, note.author_name) for note in card.notes] == [("Любит чай", anna.name)]
    assert await _facts(one) == ["ClientRenamed", "ClientNoted", "ClientManagerSet"]
    assert await queries.search("старое") == []
    await clients.set_manager(anna, client_id=one)
    assert (await queries.card(one)).manager_id is None


async def test_a_contact_is_removed_once(opened: str) -> None:
    one = await people.client("Пётр", email="a@b.ru")
    contact = (await queries.card(one)).contacts[0]
    await clients.remove_contact(SYSTEM, client_id=one, contact_id=contact.id)
    assert (await queries.card(one)).contacts == ()
    with pytest.raises(NotFound):
        await clients.remove_contact(SYSTEM, client_id=one, contact_id=contact.id)


async def test_another_clients_contact_can_not_be_removed(opened: str) -> None:
    one, other = await people.client("А", email="a@b.ru"), await people.client("Б")
    contact = (await queries.card(one)).contacts[0]
    with pytest.raises(NotFound):
        await clients.remove_contact(SYSTEM, client_id=other, contact_id=contact.id)
    assert len((await queries.card(one)).contacts) == 1


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("client.create", {"name": " "}),
        ("client.create", {"name": "x" * 201}),
        ("client.create", {"name": "Пётр", "phone": "12"}),
        ("client.create", {"name": "Пётр", "kind": "dog"}),
        ("client.rename", {"client_id": 1, "name": ""}),
        ("client.add_contact", {"client_id": 1, "kind": "email", "value": "нет"}),
        ("client.note", {"client_id": 1, "text": "  "}),
        ("client.set_manager", {"client_id": 1, "manager_id": -1}),
    ],
)
async def test_bad_input_is_refused_and_leaves_nothing(
    opened: str, name: str, arguments: dict[str, object]
) -> None:
    await people.client("Есть")
    before = await people.picture()
    with pytest.raises(Invalid):
        await commands.run(SYSTEM, name, arguments)
    assert await people.picture() == before


async def test_unknown_clients_people_and_rights(opened: str) -> None:
    one = await people.client("А")
    with pytest.raises(NotFound):
        await clients.rename(SYSTEM, client_id=999, name="Имя")
    with pytest.raises(NotFound):
        await clients.set_manager(SYSTEM, client_id=one, manager_id=999)
    with pytest.raises(NotFound):
        await queries.card(999)
    with pytest.raises(Forbidden):
        await clients.rename(Actor(kind="client", id=5), client_id=one, name="Имя")


async def test_the_same_contact_at_once_is_kept_once(opened: str) -> None:
    one = await people.client("А")
    added = await asyncio.gather(
        *(
            clients.add_contact(SYSTEM, client_id=one, kind=ContactKind.EMAIL, value="a@b.ru")
            for _ in range(6)
        )
    )
    assert len({each.contact_id for each in added}) == 1
    assert await _facts(one) == ["ContactAdded"]


async def test_the_card_shows_channels_dialogs_and_counts(opened: str) -> None:
    anna = await people.employee(Role.MANAGER)
    one = await people.client("А")
    identity = await people.identity(one, await people.channel("Сайт"), "petr")
    await people.dialog(identity, state="closed")
    dialog = await people.dialog(identity, assignee_id=anna.id)
    await people.message(dialog, "привет")
    card = await queries.card(one)
    assert [(who.channel_name, who.username, who.reachable) for who in card.identities] == [
        ("Сайт", "petr", True)
    ]
    assert [(each.id, each.assignee_name) for each in card.dialogs] == [(dialog, anna.name)]
    assert card.counts == {"messages": 1, "dialogs": 2, "notes": 0, "files": 0}


def test_titles_and_refusals_speak_russian() -> None:
    titles = [one.title for name, one in commands.all_commands().items() if name[:7] == "client."]
    assert len(titles) >= 8
    with i18n.using("ru"):
        assert [title for title in titles if i18n.gettext(title) == title] == []
        with pytest.raises(Invalid) as error:
            normalize_contact(ContactKind.PHONE, "12")
        assert "номер" in i18n.explain(error.value)
