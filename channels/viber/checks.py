"""`pult channel check` for a Viber bot: one line that names the bot, or the cause."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from channels.viber.api import Api
from channels.viber.faults import NO_HOOK
from channels.viber.registrar import is_ours
from crm_core.kernel.i18n import _
from routing.contracts import CheckReport, DeliveryError

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})  # both sides on one machine: a test


async def check(api: Api, hook_url: str | None) -> CheckReport:
    """Ask who the bot is and whom its callbacks go to."""
    try:
        info = await api.call("get_account_info", {}, again=True)
    except DeliveryError as error:
        return CheckReport(ok=False, line=_(str(error)))
    ok, state = _callbacks(info, hook_url)
    line = f"{info.get('name') or info.get('id')} ({info.get('uri') or '—'}): {state}"
    facts = {"name": info.get("name"), "subscribers": info.get("subscribers_count")}
    return CheckReport(ok=ok, line=line, facts=facts)


def _callbacks(info: dict[str, Any], hook_url: str | None) -> tuple[bool, str]:
    """Whether messages reach us, in words; addresses are cut to the host, they hold a secret."""
    if not hook_url:
        return False, _(NO_HOOK)
    if urlsplit(hook_url).scheme != "https" and urlsplit(hook_url).hostname not in LOOPBACK:
        return False, _("Viber calls only https addresses: set PULT_PUBLIC_URL to one.")
    if is_ours(info, hook_url):
        return True, _("works, messages come to %(host)s.") % {"host": urlsplit(hook_url).hostname}
    if info.get("webhook"):
        host = urlsplit(str(info["webhook"])).hostname
        return True, _("works; its messages go to %(host)s until Pult runs.") % {"host": host}
    return True, _("works; Pult registers its webhook when it runs.")
