"""A message that did not arrive, in words: to whom, why, and whether it has now. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.utils.formatting import Bold, Italic, Text

from bot.dialogs.words import summary
from bot.screen import lines
from crm_core.dialogs.queries import MessageView
from crm_core.kernel.i18n import gettext as _


def fault(message: MessageView, causes: Sequence[str], client: str) -> Text:
    """What did not arrive and why; or that it now has."""
    words = summary(message, 200)
    if message.status in {"failed", "unknown"}:
        title = (
            _("⚠️ Not delivered to %(name)s")
            if message.status == "failed"
            else _("⚠️ It is not known whether %(name)s got this")
        )
        reasons = [_(cause) for cause in dict.fromkeys(causes) if cause]
        return lines(Bold(title % {"name": client}), *reasons, Italic(words))
    title = _("… Sending again to %(name)s")
    if message.status != "queued":
        title = _("✓ Delivered to %(name)s after all")
    return lines(Bold(title % {"name": client}), Italic(words))
