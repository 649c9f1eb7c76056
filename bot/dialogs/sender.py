"""The bot's lanes: rows are rendered from the database when they leave."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bot.calls import posts as calls
from bot.channels.told import send_channel
from bot.clients.twinposts import send_twin
from bot.dialogs.cardposts import send_card
from bot.dialogs.corrections import send_correction
from bot.dialogs.errand import Errand
from bot.dialogs.faultposts import send_fault, send_line, send_uncorrected
from bot.dialogs.posts import QUIET_LANE
from bot.dialogs.quietposts import send_home, send_mark
from bot.dialogs.wordposts import send_media, send_words
from bot.requests.lateposts import send_late
from bot.requests.posts import send_request
from channels.telegram.api import Api
from channels.telegram.config import PACING
from crm_core.kernel import i18n
from crm_core.kernel.errors import NotFound
from crm_core.outbox.rows import BOT_LANE
from crm_core.staff.queries import actor_of_telegram
from routing.contracts import Pacing, Sent
from routing.lanes import OutRow, Skipped

# Telegram's limits are shared: what nobody waits for takes little of them.
QUIET_PACING = Pacing(rate=5.0, burst=5.0, chat_rate=0.5, chat_burst=2.0)

Send = Callable[[Errand, OutRow], Awaitable[Sent]]

KINDS: dict[str, Send] = {
    "card": send_card,
    "request": send_request,
    "late": send_late,
    "media": send_media,
    "reword": send_correction,
    "fault": send_fault,
    "line": send_line,
    "uncorrected": send_uncorrected,
    "mark": send_mark,
    "home": send_home,
    "call": calls.send_call,
    "callfault": calls.send_fault,
    "channel": send_channel,
    "twin": send_twin,
}


class BotSender:
    """A lane of notices to managers (routing.lanes.LaneSender)."""

    resend_unknown = True

    def __init__(self, api: Api, pacing: Pacing = PACING) -> None:
        self._api = api
        self.pacing = pacing

    def is_group(self, chat: str) -> bool:
        return chat.startswith("-")

    async def send(self, chat: str, rows: Sequence[OutRow]) -> Sent:
        """In the language of whoever reads it; nothing to those who have left."""
        actor = await actor_of_telegram(int(chat))
        if actor is None:
            raise Skipped("Nobody of the staff has this account any more.")
        errand = Errand(api=self._api, actor=actor, chat=int(chat))
        with i18n.using(actor.language):
            try:
                if rows[0].kind == "words":
                    return await send_words(errand, rows)
                return await KINDS[rows[0].kind](errand, rows[0])
            except NotFound as error:
                raise Skipped(str(error)) from None


def lanes(api: Api) -> dict[str, BotSender]:
    """Every lane of the bot with its sender, for the workers."""
    return {BOT_LANE: BotSender(api), QUIET_LANE: BotSender(api, QUIET_PACING)}
