"""Smoke."""

from __future__ import annotations

from tests.bot.rig import Rig, labels, texts


async def test_first(rig: Rig) -> None:
    anna = await rig.employee("Анна Смирнова")
    petr = rig.client()
    petr.text("Здравствуйте, есть розы?")
    card = await anna.wait_text("есть розы?")
    print(card.text, labels(card))
    press = anna.press("✅ Accept", card)
    print(await press.answer())
    await rig.settled()
    print(texts(anna), [labels(m) for m in anna.received()])
    anna.text("Да, есть", reply_to=card)
    await petr.wait_text("Да, есть")
    await rig.settled()
    print(texts(anna), [m.reactions for m in anna.messages()])
