"""Who gets in: one-time links, strangers, people who have left; languages."""

from __future__ import annotations

from datetime import timedelta

from crm_core.kernel import clock, db
from crm_core.kernel.actors import SYSTEM
from crm_core.staff import commands as staff
from tests import factories
from tests.bot.rig import Rig, labels, ru, texts


async def test_link_binds_once(rig: Rig) -> None:
    actor = await factories.employee("Анна Смирнова")
    token = await staff.invite(SYSTEM, employee_id=actor.id)
    anna, other = rig.stranger("Anna"), rig.stranger("Somebody")
    anna.start(token)
    home = await anna.wait_text("🏠 Анна Смирнова")
    assert "👤 Мои клиенты 0" in labels(home)
    other.start(token)
    await other.wait_text(ru("This link was already used or replaced. Ask for a new one."))
    bound = await db.fetchval("SELECT telegram_id FROM employee WHERE id = $1", actor.id)
    assert bound == anna.user.id


async def test_expired_link_says_so(rig: Rig) -> None:
    actor = await factories.employee("Анна")
    token = await staff.invite(SYSTEM, employee_id=actor.id)
    await db.execute("UPDATE invite SET expires_at = $1", clock.now() - timedelta(minutes=1))
    anna = rig.stranger()
    anna.start(token)
    await anna.wait_text(ru("This link has expired. Ask for a new one."))
    assert await db.fetchval("SELECT telegram_id FROM employee") is None


async def test_wrong_link_and_strangers(rig: Rig) -> None:
    stranger = rig.stranger("Nobody", language="en")
    stranger.start("no-such-token")
    await stranger.wait_text("This link was already used or replaced")
    stranger.text("hello?")
    await stranger.wait_text("Ask your administrator for a log-in link")
    assert await db.fetchval("SELECT count(*) FROM employee") == 0


async def test_dismissed_person_is_out_at_once(rig: Rig) -> None:
    anna = await rig.employee("Анна Смирнова")
    home = await anna.wait_text("🏠")
    await staff.deactivate(SYSTEM, employee_id=(await rig.actor(anna)).id)
    press = anna.press("⚙️ Настройки", home)
    assert (await press.answer())["show_alert"]
    anna.text("/home")
    await anna.wait_text("Этот бот для сотрудников")


async def test_telegram_language_is_taken_and_changed(rig: Rig) -> None:
    actor = await factories.employee("Ann")
    token = await staff.invite(SYSTEM, employee_id=actor.id)
    ann = rig.stranger("Ann", language="en")
    ann.start(token)
    home = await ann.wait_text("On shift")
    ann.press("⚙️ Settings", home)
    await ann.wait_text("Time zone: Europe/Moscow")
    ann.press("🇷🇺 Русский")
    await ann.wait_text("На смене")
    ann.press("⚙️ Настройки")
    await ann.wait_text("Настройки")
    assert texts(ann) == [texts(ann)[0]], "all of it happened in the one home message"


async def test_commands_are_set_in_both_languages(rig: Rig) -> None:
    await rig.world.wait_for(lambda: len(rig.desk.commands) == 2)
    sets = {language: found for (_, language), found in rig.desk.commands.items()}
    assert [one["command"] for one in sets[""]] == [
        "home",
        "new",
        "mine",
        "find",
        "call",
        "calls",
        "request",
        "reports",
        "mail",
        "help",
    ]
    assert sets[""][0]["description"] == "Home screen"
    assert sets["ru"][0]["description"] == "Главный экран"


async def test_help_lists_what_the_role_may_do(rig: Rig) -> None:
    from crm_core.kernel.actors import Role

    operator = await rig.employee("Олег", role=Role.OPERATOR, language="en")
    operator.text("/help")
    shown = await operator.wait_text("What I can do here")
    assert "Accept the dialog" in shown.text
    assert "Add an employee" not in shown.text
    admin = await rig.employee("Ада", role=Role.ADMIN, language="en")
    admin.text("/help")
    assert "Add an employee" in (await admin.wait_text("What I can do here")).text


async def test_groups_are_left_alone(rig: Rig) -> None:
    from sandbox.botapi import groups

    anna = await rig.employee("Анна")
    team = rig.world.add_group("Team")
    groups.join(rig.world, team, anna.user, status="creator")
    groups.add_bot(rig.world, team, rig.desk, by=anna.user)
    rig.world.actor(anna.user, team).text("/home")
    await rig.settled()
    assert not rig.world.calls.of("sendMessage", team.id)
