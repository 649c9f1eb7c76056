"""A person at work: writes, sends files, presses buttons, and sees what is on the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from sandbox.botapi.entities import format_text
from sandbox.botapi.posting import MembershipChange, Post, change_own_membership, edit, post, remove
from sandbox.botapi.press import Press, press_button
from sandbox.botapi.render import chat_json, user_json
from sandbox.botapi.screen import chat_screen
from sandbox.botapi.sending import Sending
from sandbox.botapi.state import Chat, Json, Message, User
from sandbox.botapi.topics import create_topic

if TYPE_CHECKING:
    from sandbox.botapi.world import World

T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Actor(Sending):
    """One person in one chat (and, after `in_topic`, in one topic of it)."""

    world: World
    user: User
    chat: Chat
    thread_id: int | None = None

    def in_topic(self, thread_id: int | None) -> Actor:
        """The same person writing in a topic."""
        return replace(self, thread_id=thread_id)

    # --- writing ----------------------------------------------------------------------------

    def start(self, payload: str = "") -> Message:
        """Press *Start*, optionally through a link with a payload."""
        return self.text(f"/start {payload}".strip())

    def text(
        self, text: str, *, entities: list[Json] | None = None, reply_to: Message | None = None
    ) -> Message:
        formatted = format_text(text, None, entities)
        content: Json = {"text": formatted.text}
        if formatted.entities:
            content["entities"] = formatted.entities
        return self.put(Post(content=content, reply_to=reply_to.id if reply_to else None))

    def tap(self, button: str) -> Message:
        """Press a plain button of the reply keyboard: its text is sent."""
        self._reply_button(button)
        return self.text(button)

    def share_contact(self, button: str, phone: str) -> Message:
        """Press a `request_contact` button of the reply keyboard: the own card is sent."""
        if not self._reply_button(button).get("request_contact"):
            raise LookupError(f"the button {button!r} does not ask for a contact")
        return self.contact(phone, self.user.first_name, user_id=self.user.id)

    def edit(self, message: Message, text: str) -> None:
        """Change an own text or caption."""
        key = "text" if "text" in message.content else "caption"
        formatted = format_text(text, None, None)
        kept = {k: v for k, v in message.content.items() if not k.endswith("entities")}
        content = kept | {key: formatted.text}
        if formatted.entities:
            content["entities" if key == "text" else "caption_entities"] = formatted.entities
        edit(self.world, message, content, message.markup)

    def delete(self, message: Message) -> None:
        """Delete a message; the bot is not told, as in the real service."""
        remove(self.world, message)

    def press(self, button: str, message: Message | None = None) -> Press:
        """Press an inline button by its text or callback data; by default the newest such."""
        return press_button(self, button, message)

    def react(self, message: Message, *emoji: str) -> None:
        """Put reactions on a message (none: take them back)."""
        new = [{"type": "emoji", "emoji": each} for each in emoji]
        old, message.reactions[self.user.id] = message.reactions.get(self.user.id, []), new
        body = {
            "chat": chat_json(self.chat),
            "message_id": message.id,
            "user": user_json(self.user),
            "date": int(self.world.clock.now()),
            "old_reaction": old,
            "new_reaction": new,
        }
        for bot_id in self._bot_ids():
            queue = self.world.queues[bot_id]
            lane = f"reaction:{self.chat.id}"
            queue.push("message_reaction", body, lane, self.world.config.update_ttl)
        self.world.publish("reaction", self.chat, message_id=message.id)

    # --- the chat itself --------------------------------------------------------------------

    def block(self) -> None:
        """Block the bot of this private chat."""
        self._set_blocked(blocked=True)

    def unblock(self) -> None:
        self._set_blocked(blocked=False)

    def create_topic(self, name: str) -> int:
        """Open a topic as a person; returns its message_thread_id."""
        bot = self.world.bots.get(self.chat.bot_id)
        if bot is not None and not (bot.has_topics_enabled and bot.allows_users_to_create_topics):
            raise PermissionError("the bot does not let people create topics")
        return create_topic(self.world, self.chat, self.user, name).id

    # --- looking ----------------------------------------------------------------------------

    def screen(self) -> Json:
        return chat_screen(self.world, self.chat, user_id=self.user.id)

    def messages(self) -> list[Message]:
        """What stands in the chat (or topic) now, oldest first."""
        ordered = [self.chat.messages[each] for each in sorted(self.chat.messages)]
        if self.thread_id is None:
            return ordered
        return [each for each in ordered if each.thread_id == self.thread_id]

    def received(self) -> list[Message]:
        """Messages of bots only."""
        return [each for each in self.messages() if each.sender.is_bot]

    async def wait(self, predicate: Callable[[], T], timeout: float = 20.0) -> T:
        return await self.world.wait_for(predicate, timeout)

    async def wait_text(self, part: str, timeout: float = 20.0) -> Message:
        """The newest message of a bot whose text now contains `part`."""

        def newest() -> Message | None:
            return next((each for each in reversed(self.received()) if part in each.text), None)

        message = await self.wait(newest, timeout)
        assert message is not None  # noqa: S101 - wait returns only truthy answers
        return message

    # --- inside -----------------------------------------------------------------------------

    def put(self, draft: Post) -> Message:
        if self.chat.blocked:
            raise PermissionError("the person has blocked the bot: unblock first")
        self.chat.started = True
        draft.thread_id = draft.thread_id or self.thread_id
        if self.chat.is_forum and draft.reply_to is None:
            # In forums Telegram's apps reply to the topic's first message unless told otherwise.
            draft.reply_to = draft.thread_id
        return post(self.world, self.chat, self.user, draft)

    def _bot_ids(self) -> list[int]:
        if self.chat.is_private:
            return [self.chat.bot_id]
        return [each for each in self.chat.members if each in self.world.bots]

    def _set_blocked(self, *, blocked: bool) -> None:
        self.chat.blocked = blocked
        old, new = ("member", "kicked") if blocked else ("kicked", "member")
        bot = self.world.bots[self.chat.bot_id]
        change = MembershipChange(by=self.user, bot=bot, old=old, new=new)
        change_own_membership(self.world, self.chat, change)

    def _reply_button(self, text: str) -> Json:
        keyboard = self.chat.reply_keyboard or {}
        for row in keyboard.get("keyboard", []):
            for button in row:
                if button["text"] == text:
                    if keyboard.get("one_time_keyboard"):
                        self.chat.reply_keyboard = None
                    return dict(button)
        raise LookupError(f"no button {text!r} on the reply keyboard")
