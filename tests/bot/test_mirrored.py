"""An answer written past Pult: the manager who has the dialog reads it, with its author."""

from __future__ import annotations

from crm_core.dialogs.messages import InboundOwn
from crm_core.kernel import clock, db
from routing.inbound import store
from tests.bot.rig import Rig, accepted


async def test_a_manager_sees_what_a_colleague_wrote_past_pult(rig: Rig) -> None:
    anna, petr = await rig.employee("Анна"), rig.client()
    await accepted(rig, anna, petr, "Есть розы?")
    row = await db.fetchrow("SELECT channel_id, chat FROM dialog")
    assert row is not None
    event = InboundOwn(
        external_id="own:1",
        chat=row["chat"],
        at=clock.now(),
        text="Да, привезли утром",
        author="Ольга из магазина",
    )
    async with db.transaction():
        await store.apply([(row["channel_id"], event)])
    shown = await anna.wait_text("Ольга из магазина")
    assert shown.text.endswith("Да, привезли утром")
    assert shown.silent
