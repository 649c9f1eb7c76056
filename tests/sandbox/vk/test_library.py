"""A client nobody here wrote, the vk_api library, finds in the double what it expects of VK."""

from __future__ import annotations

import io
import json

import pytest
from vk_api.bot_longpoll import VkBotEventType, VkBotLongPoll
from vk_api.exceptions import ApiError
from vk_api.keyboard import VkKeyboard, VkKeyboardColor
from vk_api.upload import VkUpload
from vk_api.utils import get_random_id

from sandbox.botapi.images import plain_png
from sandbox.vk.strict import HANDLERS, PARAMS
from tests.sandbox.vk.conftest import TOKEN, Town


async def test_the_same_random_id_is_the_same_message(town: Town) -> None:
    town.anna.text("Здравствуйте")
    peer = town.anna.user.id
    first = await town.call("messages.send", peer_id=peer, random_id=7, message="раз")
    again = await town.call("messages.send", peer_id=peer, random_id=7, message="раз")
    other = await town.call("messages.send", peer_id=peer, random_id=8, message="два")
    assert first == again != other
    (entry,) = await town.call("messages.send", peer_ids=str(peer), random_id=9, message="три")
    assert (entry["peer_id"], entry["conversation_message_id"]) == (peer, 4)
    assert [one.text for one in town.anna.received()] == ["раз", "два", "три"]


async def test_its_keyboards_uploads_and_listening_work(town: Town) -> None:
    listening = await town.blocking(lambda: _listen(town))
    first = town.anna.text("Пришлите")
    peer = town.anna.user.id
    keyboard = VkKeyboard(inline=True)
    keyboard.add_callback_button("Да", VkKeyboardColor.POSITIVE, {"ok": 1})
    keyboard.add_openlink_button("Сайт", "https://shop.example/")
    upload = VkUpload(town.vk)
    with upload.http:
        photo = await town.blocking(lambda: upload.photo_messages(_file("a.png"), peer_id=peer))
        doc = await town.blocking(
            lambda: upload.document_message(_file("a.pdf"), title="Счёт.pdf", peer_id=peer)
        )
    names = [
        f"photo{photo[0]['owner_id']}_{photo[0]['id']}_{photo[0]['access_key']}",
        f"doc{doc['doc']['owner_id']}_{doc['doc']['id']}_{doc['doc']['access_key']}",
    ]
    await town.call(
        "messages.send",
        peer_id=peer,
        random_id=get_random_id(),
        message="вот",
        attachment=",".join(names),
        keyboard=keyboard.get_keyboard(),
    )
    (message,) = town.anna.received()
    assert [one["type"] for one in message.attachments] == ["photo", "doc"]
    town.anna.press("Да")
    events = await town.blocking(listening.check)
    kind = VkBotEventType
    assert [event.type for event in events] == [
        kind.MESSAGE_NEW,
        kind.MESSAGE_REPLY,
        kind.MESSAGE_EVENT,
    ]
    assert events[0].message.text == first.text
    assert events[2].object.payload == {"ok": 1}
    assert town.world.violations == []


def _file(name: str) -> io.BytesIO:
    found = io.BytesIO(plain_png(20, 20))
    found.name = name
    return found


def _listen(town: Town) -> VkBotLongPoll:
    wanted = dict.fromkeys(("message_new", "message_reply", "message_event"), 1)
    settings = {"group_id": town.group.id, "enabled": 1, "api_version": "5.199"}
    town.vk.method("groups.setLongPollSettings", settings | wanted)
    found = VkBotLongPoll(town.vk, town.group.id, wait=1)
    found.session.headers["Connection"] = "close"
    return found


REFUSED = [
    ("messages.send", {"peer_id": 1, "message": "x"}, 100, "random_id"),
    ("messages.send", {"random_id": 1, "message": "x"}, 100, "peer_id"),
    ("messages.send", {"random_id": 1, "message": "x", "user": 1}, 100, "unknown parameter"),
    ("messages.send", {"random_id": "a", "message": "x", "peer_id": 1}, 100, "random_id"),
    ("messages.send", {"random_id": 1, "message": "x", "peer_id": 1}, 901, "permission"),
    ("messages.sendSticker", {"peer_id": 1}, 3, "Unknown method"),
    ("messages.setActivity", {"peer_id": 1, "type": "dancing"}, 100, "type"),
    ("groups.addCallbackServer", {"group_id": 1, "url": "x", "title": "t" * 15}, 100, "title"),
    ("groups.getLongPollServer", {"group_id": 1}, 15, "another community"),
]


@pytest.mark.parametrize(("method", "values", "code", "words"), REFUSED, ids=str)
async def test_what_vk_refuses_is_refused(
    town: Town, method: str, values: dict[str, object], code: int, words: str
) -> None:
    with pytest.raises(ApiError) as error:
        await town.call(method, **values)
    assert (error.value.code, words in str(error.value)) == (code, True), str(error.value)


SENDS = [
    ({"message": "x" * 4097}, 914),
    ({"message": " "}, 100),
    ({"message": "x", "attachment": "photo-1_999_k"}, 100),
    ({"message": "x", "attachment": "wall-1_1"}, 100),
    ({"message": "x", "lat": 1.5}, 100),
    ({"message": "x", "forward": json.dumps({"is_reply": True})}, 100),
    ({"message": "x", "keyboard": "{"}, 100),
    ({"message": "x", "keyboard": json.dumps({"inline": True, "buttons": [[{}]]})}, 911),
]


@pytest.mark.parametrize(("values", "code"), SENDS, ids=lambda one: str(one)[:40])
async def test_what_can_not_be_sent_is_not(
    town: Town, values: dict[str, object], code: int
) -> None:
    town.anna.text("Здравствуйте")
    with pytest.raises(ApiError) as error:
        await town.call("messages.send", peer_id=town.anna.user.id, random_id=1, **values)
    assert error.value.code == code
    assert town.anna.received() == []


async def test_only_its_own_token_and_version_open_it(town: Town) -> None:
    for change, code in (({"access_token": "x"}, 5), ({"v": "5.92"}, 8)):
        with pytest.raises(ApiError) as error:
            await town.call("groups.getTokenPermissions", **change)
        assert error.value.code == code
    assert {call.params.get("access_token") for call in town.world.calls} == {None}
    assert TOKEN not in str(town.world.calls)


def test_every_method_has_its_parameters() -> None:
    assert HANDLERS.keys() == PARAMS.keys()
