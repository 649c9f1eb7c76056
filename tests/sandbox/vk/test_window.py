"""A client's VK on the stage: what is done in it reaches the community, and what comes back."""

from __future__ import annotations

import json

import pytest

from sandbox.botapi.images import plain_png
from sandbox.stage.errors import StageError
from sandbox.stage.request import Upload
from sandbox.stage.windows import WindowAct, WindowInfo
from sandbox.vk import objects
from sandbox.vk.window import CAN, VkWindow
from tests.sandbox.vk.conftest import Town

PICTURE = plain_png(20, 10)


def window_of(town: Town) -> VkWindow:
    goods = (objects.item(town.group.id, 1, "Букет «Осень»", 350_000),)
    info = WindowInfo(id="vk:anna", name="Анна", title="Ромашка", skin="vk", can=CAN)
    return VkWindow(town.anna, info, goods=goods)


async def send(town: Town, **values: object) -> None:
    await town.call("messages.send", peer_id=town.anna.user.id, random_id=0, **values)


async def test_what_one_does_is_said_to_the_community(town: Town) -> None:
    window = window_of(town)
    await window.act(WindowAct(name="text", body={"text": " Есть розы? "}))
    await window.act(WindowAct(name="text", body={"text": "Эти", "reply_to": 1.0}))
    photo = Upload("a.png", "image/png", PICTURE)
    await window.act(WindowAct(name="photos", body={"caption": "вот"}, uploads=(photo, photo)))
    plan = Upload("план.pdf", "application/pdf", b"%PDF")
    await window.act(WindowAct(name="files", uploads=(plan,)))
    await window.act(WindowAct(name="voice", uploads=(Upload("v.ogg", "audio/ogg", b"OggS"),)))
    await window.act(WindowAct(name="location", body={"latitude": 55.7, "longitude": 37.6}))
    lines = window.screen().lines
    assert [line.text for line in lines] == ["Есть розы?", "Эти", "вот", "", "", ""]
    assert lines[1].reply_to == 1
    kinds = [[media.kind for media in line.media] for line in lines[2:5]]
    assert kinds == [["photo", "photo"], ["document"], ["voice"]]
    assert lines[5].place == (55.7, 37.6)
    shown = [window.file(line.media[0].id) for line in lines[2:5]]
    assert [one.mime for one in shown] == ["image/png", "application/octet-stream", "audio/ogg"]
    assert [one.data for one in shown] == [PICTURE, b"%PDF", b"OggS"]
    with pytest.raises(LookupError):
        window.file("999")


async def test_what_comes_is_shown_and_pressed_and_read(town: Town) -> None:
    window, told = window_of(town), []
    await window.act(WindowAct(name="text", body={"text": "Ну?"}))
    stop = window.watch(lambda: told.append(window.screen()))
    action = {"type": "callback", "label": "Да", "payload": "{}"}
    link = {"type": "open_link", "label": "Сайт", "link": "https://shop.example/"}
    keyboard = {"inline": True, "buttons": [[{"action": action}, {"action": link}]]}
    await send(town, message="Берёте?", keyboard=json.dumps(keyboard))
    line = told[-1].lines[-1]
    assert (line.mine, line.text) == (False, "Берёте?")
    yes, site = line.keys[0]
    assert (yes.text, site.url) == ("Да", "https://shop.example/")
    await window.act(WindowAct(name="press", body={"button": yes.data}))
    await window.act(WindowAct(name="read"))
    assert town.anna.received()[-1].read
    with pytest.raises(StageError):
        await window.act(WindowAct(name="press", body={"button": "press:77:Да"}))
    seen = len(told)
    stop()
    await send(town, message="ещё")
    assert len(told) == seen


async def test_a_press_under_the_composer_orders(town: Town) -> None:
    window = window_of(town)
    ((key,),) = window.screen().keys
    answer = await window.act(WindowAct(name="press", body={"button": key.data}))
    ((order,),) = [list(town.group.orders.values())]
    assert answer == {"toast": f"№ {order['display_order_id']}"}
    assert order["preview_order_items"][0]["title"] == "Букет «Осень»"


async def test_forbidding_and_allowing(town: Town) -> None:
    window = window_of(town)
    await window.act(WindowAct(name="text", body={"text": "Привет"}))
    await window.act(WindowAct(name="block"))
    assert window.screen().blocked
    await window.act(WindowAct(name="unblock"))
    assert not window.screen().blocked
    town.world.wipe()
    assert window.screen().lines == ()
