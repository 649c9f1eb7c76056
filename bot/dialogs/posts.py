"""A batch of rows for the bot's lanes, at most one per slot."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.dialogs.audience import Seat, Words
from crm_core.kernel import clock
from crm_core.outbox.rows import BOT_LANE, Post, put

# Marks and numbers nobody waits for: a lane of its own, so that they never delay a notice.
QUIET_LANE = "bot:quiet"
WORDS_PRIORITY, CARD_PRIORITY, QUIET_PRIORITY = 2, 3, 8
MERGED = "words"
ALBUM_PAUSE = timedelta(seconds=1.0)


class Posts:
    """Collects rows in order; `put` writes them in one statement."""

    def __init__(self) -> None:
        self._posts: dict[tuple[str, str, str], Post] = {}

    def card(self, seat: Seat, *, fresh: bool = False) -> None:
        """Draw the card anew; `fresh` sends it as a new message, with a sound."""
        key = (BOT_LANE, str(seat.chat), f"card:{seat.dialog_id}")
        known = self._posts.get(key)
        fresh = fresh or bool(known and known.data["fresh"])
        data = {"dialog": seat.dialog_id, "fresh": fresh}
        # A new offer is a row of its own: a mere change of the card must not silence it.
        slot = f"{'news' if fresh else 'card'}:{seat.dialog_id}"
        self._add(key, Post(lane=BOT_LANE, chat=key[1], kind="card", data=data, slot=slot))

    def words(self, words: Words, *, silent: bool = False) -> None:
        """Show what a client wrote; plain texts may go together in one notice."""
        assert words.seat is not None  # noqa: S101 - asked before
        chat, slot = str(words.seat.chat), f"msg:{words.message_id}"
        post = Post(
            lane=BOT_LANE,
            chat=chat,
            kind="words" if words.plain else "media",
            data={"dialog": words.dialog_id, "message": words.message_id, "silent": silent},
            priority=WORDS_PRIORITY,
            merge_key=MERGED if words.plain else None,
            slot=slot,
            not_before=clock.now() + ALBUM_PAUSE if words.album else None,
        )
        self._posts[BOT_LANE, chat, slot] = post

    def reword(self, seat: Seat, message_id: int) -> None:
        self._about("reword", seat, message_id, WORDS_PRIORITY)

    def fault(self, seat: Seat, message_id: int) -> None:
        """Tell that an answer did not arrive (or that it now did)."""
        self._about("fault", seat, message_id, WORDS_PRIORITY)

    def uncorrected(self, seat: Seat, message_id: int) -> None:
        """Tell that a correction did not reach the client."""
        self._about("uncorrected", seat, message_id, WORDS_PRIORITY)

    def mark(self, seat: Seat, message_id: int) -> None:
        """Show sent or read under the manager's own words."""
        self._about("mark", seat, message_id, QUIET_PRIORITY, QUIET_LANE)

    def line(self, seat: Seat, what: str) -> None:
        data = {"dialog": seat.dialog_id, "what": what}
        slot = f"line:{seat.dialog_id}"
        key = (BOT_LANE, str(seat.chat), slot)
        post = Post(lane=BOT_LANE, chat=key[1], kind="line", data=data, slot=slot)
        self._add(key, post)

    def home(self, chat: int) -> None:
        """Bring the numbers of the home message up to date."""
        key = (QUIET_LANE, str(chat), "home")
        post = Post(lane=QUIET_LANE, chat=key[1], kind="home", slot="home")
        self._add(key, post, QUIET_PRIORITY)

    async def put(self) -> None:
        await put(*self._posts.values())

    def _about(
        self, kind: str, seat: Seat, message_id: int, priority: int, lane: str = BOT_LANE
    ) -> None:
        slot = f"{kind}:{message_id}"
        data = {"dialog": seat.dialog_id, "message": message_id}
        key = (lane, str(seat.chat), slot)
        post = Post(lane=lane, chat=key[1], kind=kind, data=data, slot=slot)
        self._add(key, post, priority)

    def _add(self, key: tuple[str, str, str], post: Post, priority: int = CARD_PRIORITY) -> None:
        self._posts[key] = replace(post, priority=priority)
