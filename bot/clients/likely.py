"""What other cards say of possible duplicates: one line and one button. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.clients.presses import MergePress, TwinsPress
from bot.screen import Button, button, shorten
from crm_core.duplicates.queries import Proposal
from crm_core.kernel.i18n import gettext as _


def entry(total: int) -> list[Button]:
    """The way to the list, when there is something on it."""
    label = f"👥 {_('Possible duplicates')} {total}"
    return [button(label, TwinsPress())] if total else []


def line(found: Sequence[Proposal]) -> str | None:
    """`👥 Maybe the same client: Elkin P. (the same phone …)`, how many more."""
    if not found:
        return None
    first = found[0]
    why = f" ({first.whys[0].text})" if first.whys else ""
    said = _("Maybe the same client: %(name)s") % {"name": shorten(first.two_name, 40)}
    more = f" · + {len(found) - 1}" if len(found) > 1 else ""
    return f"👥 {said}{why}{more}"


def compare_button(found: Sequence[Proposal], back: str) -> list[Button]:
    """One press to both cards side by side."""
    if not found:
        return []
    first = found[0]
    press = MergePress(do="compare", id=first.one_id, gone=first.two_id, back=back)
    return [button(f"👥 {_('Compare with %(name)s') % {'name': first.two_name}}", press)]
