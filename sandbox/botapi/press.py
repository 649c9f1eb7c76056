"""Pressing inline buttons: the callback query, its answer, its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.botapi.errors import bad_request
from sandbox.botapi.render import message_json, user_json
from sandbox.botapi.state import Callback, Json, Message

if TYPE_CHECKING:
    from sandbox.botapi.actor import Actor
    from sandbox.botapi.world import World


@dataclass(slots=True)
class Press:
    """A pressed button. The clock icon spins until `answer()` has something to show."""

    world: World
    callback: Callback

    @property
    def is_answered(self) -> bool:
        return self.callback.answer is not None

    async def answer(self, timeout: float = 20.0) -> Json:
        """What the bot answered: text, show_alert, url (keys only where given)."""
        await self.world.wait_for(lambda: self.is_answered, timeout)
        return dict(self.callback.answer or {})


def press_button(actor: Actor, wanted: str, message: Message | None) -> Press:
    """Press the button whose text or data is `wanted`; LookupError when nobody can see it."""
    places = [message] if message else list(reversed(actor.messages()))
    for place in places:
        for row in (place.markup or {}).get("inline_keyboard", []):
            for button in row:
                if wanted in (button["text"], button.get("callback_data")):
                    return _press(actor, place, button)
    raise LookupError(f"no inline button {wanted!r} on the screen")


def _press(actor: Actor, message: Message, button: Json) -> Press:
    if "callback_data" not in button:
        raise LookupError(f"the button {button['text']!r} opens something, it calls nobody back")
    return press_data(actor, message, button["callback_data"])


def press_data(actor: Actor, message: Message, data: str) -> Press:
    """Send a callback with any data, as an outdated or a forged client could."""
    world = actor.world
    bot_id = message.sender.id
    callback = Callback(
        id=world.next_number(),
        bot_id=bot_id,
        user=actor.user,
        message=message,
        data=data,
        at=world.clock.now(),
    )
    world.callbacks[callback.id] = callback
    body = {
        "id": callback.id,
        "from": user_json(actor.user),
        "message": message_json(world, message, bot_id),
        "chat_instance": message.chat.instance,
        "data": data,
    }
    lane = f"callback:{actor.user.id}"
    world.queues[bot_id].push("callback_query", body, lane, world.config.callback_ttl)
    world.publish("callback_pressed", message.chat, message_id=message.id, callback_id=callback.id)
    return Press(world, callback)


def answer_callback(world: World, bot_id: int, callback_id: str, answer: Json) -> None:
    """Keep the bot's answer; ApiError 400 when there is nothing (left) to answer."""
    callback = world.callbacks.get(callback_id)
    too_late = callback and world.clock.now() - callback.at > world.config.callback_ttl
    if callback is None or callback.bot_id != bot_id or callback.answer is not None or too_late:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    callback.answer = answer
    world.publish(
        "callback_answered", callback.message.chat, callback_id=callback_id, answer=answer
    )
