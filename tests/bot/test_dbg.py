from tests.bot.rig import *
from tests.bot.conftest import *
async def test_dbg(rig):
    anna, boris = await rig.employee("Анна"), await rig.employee("Борис")
    petr = rig.client()
    card = await accepted(rig, anna, petr, "Есть розы?")
    p = anna.press("➡️ Передать", card)
    print(await p.answer()); await rig.settled()
    print(card.text, labels(card))
    p=anna.press(next(one for one in labels(card) if "Борис" in one), card)
    print(await p.answer()); await rig.settled()
    print(texts(anna))
    print(await db.fetch("select * from raw_event where state='failed'"))
