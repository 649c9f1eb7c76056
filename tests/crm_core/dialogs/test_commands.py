"""What people do with dialogs: one winner, clear refusals, true counters."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from crm_core.dialogs import commands
from crm_core.kernel import clock, db
from crm_core.kernel.actors import Actor, Role
from crm_core.kernel.commands import run
from crm_core.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from crm_core.kernel.timers import Timers
from crm_core.kernel.wake import Wakeups
from crm_core.staff import commands as staff
from tests import factories, scene

pytestmark = pytest.mark.usefixtures("opened")


async def two() -> tuple[Actor, Actor]:
    return await factories.employee("Анна"), await factories.employee("Борис")


async def stranger() -> Actor:
    """Somebody who is in no queue."""
    found = await factories.employee("Чужой", role=Role.OPERATOR, presence="off")
    await db.execute("DELETE FROM queue_member WHERE employee_id = $1", found.id)
    return found


async def wake_timers() -> None:
    works = Timers({commands.SNOOZE_TIMER: commands.wake_snoozed}, Wakeups())
    while await works.step():
        pass


async def test_one_of_many_wins_and_the_others_hear_who() -> None:
    channel = await scene.account(strategy="everyone")
    people = [await factories.employee(f"Сотрудник {number}") for number in range(8)]
    dialog_id = await scene.dialog(channel)
    results = await asyncio.gather(
        *(commands.accept(one, dialog_id=dialog_id) for one in people), return_exceptions=True
    )
    winners = [result for result in results if isinstance(result, commands.Done)]
    losers = [result for result in results if isinstance(result, Conflict)]
    assert (len(winners), len(losers)) == (1, 7)
    winner = next(one for one in people if one.id == winners[0].assignee_id)
    assert {str(error) for error in losers} == {f"{winner.name} has already taken this dialog."}
    assert await scene.events("DialogAccepted") == ["DialogAccepted"]
    await scene.require_true_loads()


async def test_accepting_twice_is_no_error_and_one_fact() -> None:
    channel = await scene.account()
    anna, _ = await two()
    dialog_id = await scene.held_by(anna, channel)
    await commands.accept(anna, dialog_id=dialog_id)
    assert await scene.events("DialogAccepted") == ["DialogAccepted"]


async def test_accepting_makes_the_clients_manager_once() -> None:
    channel = await scene.account()
    anna, boris = await two()
    dialog_id = await scene.held_by(anna, channel)
    await commands.close(anna, dialog_id=dialog_id)
    await scene.held_by(boris, channel)
    assert await db.fetchval("SELECT manager_id FROM client") == anna.id


async def test_somebody_elses_offer_may_be_taken_by_a_colleague() -> None:
    channel = await scene.account()
    anna, boris = await two()
    dialog_id = await scene.dialog(channel)
    assert await scene.state(dialog_id) == ("waiting", None, anna.id)
    await commands.accept(boris, dialog_id=dialog_id)
    assert await scene.state(dialog_id) == ("open", boris.id, None)
    await scene.require_true_loads()


async def test_declined_goes_to_the_next() -> None:
    channel = await scene.account()
    anna, boris = await two()
    dialog_id = await scene.dialog(channel)
    await commands.decline(anna, dialog_id=dialog_id)
    await scene.pump()
    assert await scene.state(dialog_id) == ("waiting", None, boris.id)
    with pytest.raises(Conflict, match="no longer offered"):
        await commands.decline(anna, dialog_id=dialog_id)
    await scene.require_true_loads()


async def test_a_stranger_touches_nothing() -> None:
    channel = await scene.account()
    anna, _ = await two()
    outsider = await stranger()
    dialog_id = await scene.dialog(channel)
    for refused in (
        commands.accept(outsider, dialog_id=dialog_id),
        commands.decline(outsider, dialog_id=dialog_id),
        commands.note(outsider, dialog_id=dialog_id, text="x"),
        commands.close(outsider, dialog_id=dialog_id),
        commands.snooze(outsider, dialog_id=dialog_id),
        commands.transfer(outsider, dialog_id=dialog_id, employee_id=anna.id),
    ):
        with pytest.raises(Forbidden):
            await refused
    assert await scene.state(dialog_id) == ("waiting", None, anna.id)


async def test_a_head_may_act_in_anybodys_dialog() -> None:
    channel = await scene.account()
    anna, boris = await two()
    head = await factories.employee("Глава", role=Role.HEAD, presence="off")
    dialog_id = await scene.held_by(anna, channel)
    with pytest.raises(Forbidden):
        await commands.transfer(boris, dialog_id=dialog_id, employee_id=boris.id)
    await commands.transfer(head, dialog_id=dialog_id, employee_id=boris.id)
    assert await scene.state(dialog_id) == ("open", boris.id, None)
    await commands.close(head, dialog_id=dialog_id)


async def test_no_such_dialog() -> None:
    anna = await factories.employee(role=Role.HEAD)
    with pytest.raises(NotFound):
        await commands.accept(anna, dialog_id=77)
    with pytest.raises(NotFound):
        await commands.note(anna, dialog_id=77, text="x")


async def test_transfer_to_a_person() -> None:
    channel = await scene.account()
    anna, boris = await two()
    dialog_id = await scene.held_by(anna, channel)
    await commands.transfer(anna, dialog_id=dialog_id, employee_id=boris.id, comment=" твой ")
    assert await scene.state(dialog_id) == ("open", boris.id, None)
    note = await db.fetchrow("SELECT direction, text, author_id FROM message WHERE id > 1")
    assert note is not None
    assert tuple(note.values()) == ("note", "твой", anna.id)
    assert await db.fetchval("SELECT reason->>'why' FROM dialog") == "transfer"
    await scene.require_true_loads()


async def test_transfer_with_a_comment_by_one_who_then_loses_sight_of_it() -> None:
    channel = await scene.account()
    anna, boris = await two()
    outsider = await stranger()
    dialog_id = await scene.held_by(anna, channel)
    await commands.transfer(anna, dialog_id=dialog_id, employee_id=outsider.id)
    await commands.transfer(outsider, dialog_id=dialog_id, employee_id=boris.id, comment="лови")
    assert await db.fetchval("SELECT text FROM message WHERE direction = 'note'") == "лови"


async def test_transfer_to_a_queue_finds_somebody_there() -> None:
    channel = await scene.account(strategy="everyone")
    anna, boris = await two()
    admin = await factories.employee("Админ", role=Role.ADMIN, presence="off")
    other = await staff.save_queue(admin, name="Склад", members=[boris.id])
    dialog_id = await scene.held_by(anna, channel)
    await commands.transfer(anna, dialog_id=dialog_id, queue_id=other, comment="на склад")
    await scene.pump()
    assert await scene.state(dialog_id) == ("waiting", None, boris.id)
    await scene.require_true_loads()


@pytest.mark.parametrize("target", [None, 1])
async def test_transfer_needs_one_target(target: int | None) -> None:
    channel = await scene.account()
    anna, _ = await two()
    dialog_id = await scene.held_by(anna, channel)
    with pytest.raises(Invalid):
        await commands.transfer(anna, dialog_id=dialog_id, employee_id=target, queue_id=target)


async def test_transfer_to_nobody() -> None:
    channel = await scene.account()
    anna, boris = await two()
    admin = await factories.employee("Админ", role=Role.ADMIN, presence="off")
    await staff.deactivate(admin, employee_id=boris.id)
    dialog_id = await scene.held_by(anna, channel)
    with pytest.raises(NotFound):
        await commands.transfer(anna, dialog_id=dialog_id, employee_id=boris.id)
    with pytest.raises(NotFound):
        await commands.transfer(anna, dialog_id=dialog_id, queue_id=77)


async def test_snoozed_until_a_moment() -> None:
    channel = await scene.account()
    anna, _ = await two()
    dialog_id = await scene.held_by(anna, channel)
    with clock.frozen(clock.now()):
        await commands.snooze(anna, dialog_id=dialog_id, until=clock.now() + timedelta(hours=2))
        assert (await scene.state(dialog_id))[0] == "snoozed"
        await scene.require_true_loads()
        clock.advance(timedelta(hours=1, minutes=59))
        await wake_timers()
        assert (await scene.state(dialog_id))[0] == "snoozed"
        clock.advance(timedelta(minutes=1))
        await wake_timers()
    assert await scene.state(dialog_id) == ("open", anna.id, None)
    assert await scene.events("DialogSnoozed", "DialogWoken") == ["DialogSnoozed", "DialogWoken"]
    await scene.require_true_loads()


async def test_snoozed_until_the_client_writes() -> None:
    channel = await scene.account()
    anna, _ = await two()
    dialog_id = await scene.held_by(anna, channel)
    await commands.snooze(anna, dialog_id=dialog_id, until=clock.now() + timedelta(hours=2))
    await commands.snooze(anna, dialog_id=dialog_id)
    assert await db.fetchval("SELECT count(*) FROM timer WHERE kind = 'dialog.snooze'") == 0
    await scene.dialog(channel)
    assert await scene.state(dialog_id) == ("open", anna.id, None)
    why = await db.fetchval("SELECT data->>'why' FROM event WHERE type = 'DialogWoken'")
    assert why == "client"
    await scene.require_true_loads()


async def test_a_client_who_writes_ends_the_timer_too() -> None:
    channel = await scene.account()
    anna, _ = await two()
    dialog_id = await scene.held_by(anna, channel)
    await commands.snooze(anna, dialog_id=dialog_id, until=clock.now() + timedelta(hours=2))
    await scene.dialog(channel)
    await commands.snooze(anna, dialog_id=dialog_id)
    with clock.frozen(clock.now() + timedelta(days=1)):
        await wake_timers()
    assert (await scene.state(dialog_id))[0] == "snoozed"


async def test_snooze_refuses_what_makes_no_sense() -> None:
    channel = await scene.account()
    anna, _ = await two()
    dialog_id = await scene.held_by(anna, channel)
    with pytest.raises(Invalid, match="passed"):
        await commands.snooze(anna, dialog_id=dialog_id, until=clock.now() - timedelta(seconds=1))
    with pytest.raises(Invalid):
        raw = {"dialog_id": dialog_id, "until": "2999-01-01T10:00"}
        await run(anna, "dialog.snooze", raw)
    await commands.close(anna, dialog_id=dialog_id)
    with pytest.raises(Conflict):
        await commands.snooze(anna, dialog_id=dialog_id)


async def test_closed_and_begun_again() -> None:
    channel = await scene.account()
    anna, _ = await two()
    first = await scene.held_by(anna, channel)
    await commands.close(anna, dialog_id=first, summary=" купила розы ")
    assert await db.fetchval("SELECT summary FROM dialog WHERE id = $1", first) == "купила розы"
    await commands.close(anna, dialog_id=first)
    assert await scene.events("DialogClosed") == ["DialogClosed"], "closing twice is one fact"
    second = await scene.dialog(channel)
    assert second != first
    assert await scene.state(second) == ("waiting", None, anna.id), "to the client's manager"
    with pytest.raises(Conflict, match="closed"):
        await commands.accept(anna, dialog_id=first)
    with pytest.raises(Conflict, match="closed"):
        await commands.transfer(anna, dialog_id=first, employee_id=anna.id)
    await scene.require_true_loads()


async def test_notes_never_leave() -> None:
    channel = await scene.account()
    anna, boris = await two()
    dialog_id = await scene.held_by(anna, channel)
    for author in (anna, boris):
        await commands.note(author, dialog_id=dialog_id, text=" капризный ")
    assert await db.fetchval("SELECT count(*) FROM outbox") == 0
    assert await scene.events("NoteAdded") == ["NoteAdded"] * 2
    with pytest.raises(Invalid):
        await commands.note(anna, dialog_id=dialog_id, text="  \n ")
