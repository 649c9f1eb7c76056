"""Why a dialog came to somebody, in words. Pure."""

from __future__ import annotations

from typing import Any

from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

WHY = {
    "client_manager": N_("This is your client, and you are on shift."),
    "least_loaded": N_(
        "You had the fewest open dialogs (%(load)s) of %(among)s people free on shift."
    ),
    "round_robin": N_("It was your turn among %(among)s people free on shift."),
    "everyone": N_("The queue shows new dialogs to everyone on shift: the first takes it."),
    "all_declined": N_("Everybody passed it on once; now it is shown to all %(among)s on shift."),
    "all_busy": N_("All %(on_shift)s people on shift have their hands full."),
    "nobody_on_shift": N_("Nobody of the queue is on shift."),
    "transfer": N_("A colleague handed it over to you."),
}
PASSED = N_("People who passed it on before you: %(passed)s.")


def explained(reason: dict[str, Any]) -> str:
    """The reason of the last decision as one or two sentences."""
    known = {"load": 0, "among": 0, "on_shift": 0} | reason
    text = WHY.get(str(reason.get("why")))
    if text is None:
        return _("No rule chose anybody: it was opened by hand.")
    words = _(text) % known
    if reason.get("passed"):
        words += " " + _(PASSED) % known
    return words
