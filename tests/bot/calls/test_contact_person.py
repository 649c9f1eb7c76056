"""The screen pop of a contact person: company, person, position and whoever looks after them."""

from __future__ import annotations

from crm_core.clients import commands as clients
from crm_core.clients import linking
from crm_core.clients.contactkinds import ContactKind
from crm_core.kernel.actors import SYSTEM
from tests.bot.calls.scenes import NUMBER, SHOWN, incoming, phone, popped, pops
from tests.bot.clients.scenes import press
from tests.bot.people.scenes import LINDEN, OLGA, company, linked
from tests.bot.rig import Rig, labels


async def test_company_person_and_manager_while_it_rings(rig: Rig) -> None:
    """Nobody looks after the person: the company's manager is named and sees it, too."""
    anna, boris = await phone(rig, "Анна Смирнова", "101"), await phone(rig, "Борис", "102")
    linden = await company(await rig.actor(anna))
    olga = await linked(linden, OLGA, phone=NUMBER, position="Закупщик")
    await incoming("102", did="+74950011234", queue="sales")
    card = await popped(rig, boris)
    lines = card.text.split("\n")
    assert lines[0] == f"📞 🟠 Звонит: 👤 {OLGA}"
    assert lines[1] == f"{SHOWN} · 🏢 {LINDEN} · Закупщик · на +7 495 001-12-34 · очередь sales"
    assert lines[2] == "Ведёт: Анна Смирнова 🟢 на смене"
    assert labels(card)[0] == "➡️ Перевести: Анна Смирнова"
    assert (await popped(rig, anna)).silent
    maple = (await clients.create(SYSTEM, name="ООО Клён", kind="company")).client_id
    await linking.link(SYSTEM, company_id=maple, person_id=olga)
    await press(boris, "👤 Клиент", card)
    assert f"🏢 {LINDEN} · Закупщик (+1)" in card.text


async def test_a_number_of_both_is_the_persons(rig: Rig) -> None:
    anna = await phone(rig, "Анна", "101")
    linden = await company(await rig.actor(anna))
    await linked(linden, OLGA, phone=NUMBER)
    await clients.create(SYSTEM, name="Другой", phone=NUMBER)
    await clients.add_contact(SYSTEM, client_id=linden, kind=ContactKind.PHONE, value=NUMBER)
    await incoming("101")
    card = await popped(rig, anna)
    assert card.text.startswith(f"📞 🟠 Звонит: 👤 {OLGA}\n{SHOWN} · 🏢 {LINDEN}")


async def test_who_writes_is_shown_with_the_company(rig: Rig) -> None:
    """The dialog's card names the person and their company."""
    anna = await rig.employee("Анна")
    rig.client(OLGA).text("Есть розы?")
    first = await anna.wait_text("Есть розы?")
    await press(anna, "✅ Принять", first)
    await rig.settled()
    linden = await company(await rig.actor(anna))
    await linking.link(SYSTEM, company_id=linden, person_id=1)
    await press(anna, "👤 Клиент", first)
    await press(anna, "💬 Диалог", first)
    assert first.text.startswith(f"💬 🟢 {OLGA} · 🏢 {LINDEN}")


async def test_contact_persons_under_load(rig: Rig) -> None:
    """Forty calls as fast as they can be told: company, person and manager on every screen."""
    people = [await phone(rig, f"Сотрудник {n}", f"{200 + n}") for n in range(10)]
    linden = await company(await rig.actor(people[0]))
    numbers = [f"+7916{n:07}" for n in range(40)]
    for number in numbers:
        await linked(linden, f"Человек {number}", phone=number, position="Закупщик")
    await rig.settled()
    for place, number in enumerate(numbers):
        await incoming(f"{201 + place % 9}", key=f"load.{place}", number=number)

    def look() -> bool:
        shown = set()
        for one in (card for person in people[1:] for card in pops(person)):
            title, contact, owner = one.text.split("\n")[:3]
            assert title.startswith("📞 🟠 Звонит: 👤 Человек ")
            assert f"🏢 {LINDEN} · Закупщик" in contact
            assert owner.startswith("Ведёт: Сотрудник 0")
            shown.add(title.partition("Человек ")[2])
        return len(shown) == len(numbers)

    await rig.world.wait_for(look, 60)
