"""Viber's `status` inside an HTTP 200, in the hub's own errors. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_core.kernel.i18n import N_
from routing.contracts import (
    ChannelBroken,
    DeliveryError,
    OutcomeUnknown,
    RecipientUnreachable,
    Rejected,
    RetryLater,
)

TOKEN_REFUSED = N_("Viber refuses the bot's token: copy it again from partners.viber.com.")
BLOCKED = N_("Viber has blocked this bot: write to Viber's support.")
NO_HOOK = N_("Viber has no webhook of this bot: set PULT_PUBLIC_URL to an https address.")
BAD_HOOK = N_("Viber can't reach our webhook: PULT_PUBLIC_URL must be open to the internet.")
NOT_PAID = N_("Viber does not take messages: the commercial contract or its balance has run out.")
NOT_SUBSCRIBED = N_("The client has unsubscribed from the bot, or has never written to it.")
NOT_REGISTERED = N_("The client has no Viber any more.")
OLD_DEVICE = N_("The client's Viber is too old for this.")
REFUSED = N_("Viber refuses this message: something in it is not allowed.")
NOT_PUBLISHED = N_("The bot is not published in Viber: finish its set-up at partners.viber.com.")
TOO_MANY = N_("Viber takes no more messages for now: the client has to answer first.")
UNREACHABLE_API = N_("Viber's server can't be reached: check the network.")
NO_ANSWER = N_("No answer from Viber: it is not known whether the message was delivered.")
NOT_AN_API = N_("The address answers, but it is not Viber's: check api_url.")
OUT_OF_ORDER = N_("Viber is out of order at the moment.")

# After 100 messages without an answer only time or the client helps.
TOO_MANY_PAUSE = 600.0

BROKEN = {1: BAD_HOOK, 2: TOKEN_REFUSED, 7: BLOCKED, 10: NO_HOOK, 11: BLOCKED, 17: NOT_PUBLISHED}
BROKEN |= dict.fromkeys((18, 19, 20, 21, 22, 23, 24), NOT_PAID)
UNREACHABLE = {5: NOT_REGISTERED, 6: NOT_SUBSCRIBED, 8: NOT_SUBSCRIBED}
REJECTED = {3: REFUSED, 4: REFUSED, 9: REFUSED, 13: OLD_DEVICE, 14: OLD_DEVICE, 15: OLD_DEVICE}


def refusal(answer: Mapping[str, Any]) -> DeliveryError | None:
    """What a decoded answer means; None when it is a success (status 0)."""
    status = answer.get("status")
    if status == 0:
        return None
    if not isinstance(status, int):
        return OutcomeUnknown(NO_ANSWER)
    return _meaning(status)


def _meaning(status: int) -> DeliveryError:
    if status == 12:
        return RetryLater(TOO_MANY, after=TOO_MANY_PAUSE, chat_only=True)
    if status in BROKEN:
        return ChannelBroken(BROKEN[status])
    if status in UNREACHABLE:
        return RecipientUnreachable(UNREACHABLE[status])
    if status in REJECTED:
        return Rejected(REJECTED[status])
    return RetryLater(OUT_OF_ORDER, after=30)


def foreign(status: int) -> DeliveryError:
    """An HTTP status instead of an answer: a proxy, a gateway, somebody else's server."""
    if status == 429:
        return RetryLater(OUT_OF_ORDER, after=10)
    if 400 <= status < 500:
        return ChannelBroken(NOT_AN_API)
    if status in {502, 504} or status < 400:
        return OutcomeUnknown(NO_ANSWER)
    return RetryLater(OUT_OF_ORDER, after=5)
