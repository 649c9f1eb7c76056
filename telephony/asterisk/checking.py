"""Does an Asterisk work with these settings, and if not, why: in words for its admin."""

from __future__ import annotations

import re

from crm_core.kernel.i18n import N_
from routing.contracts import CheckReport
from telephony.asterisk.ami import AmiLink
from telephony.asterisk.config import Config
from telephony.contracts import Refusal

REFUSED_HELP = "Look for enabled = yes, port and bindaddr in manager.conf, and for a firewall"
SECRET_HELP = "Compare user, secret and permit in manager.conf, then `manager reload`"  # noqa: S105
# What Pult does -> the class of `write` in manager.conf that allows it.
NEEDED = {
    "Originate": "originate",
    "Hangup": "call",
    "Redirect": "call",
    "BlindTransfer": "call",
    "Atxfer": "call",
    "Bridge": "call",
    "QueuePause": "agent",
    "CoreShowChannels": "reporting",
    "CoreSettings": "reporting",
}
OLDEST = 13


async def check(link: AmiLink, config: Config) -> CheckReport:
    """Asks a linked Asterisk what this user may do and which version it is."""
    rights = (await link.ask({"Action": "ListCommands"})).keys()
    lacking = sorted({right for action, right in NEEDED.items() if action not in rights})
    if lacking:
        words = ",".join(lacking)
        line = f"the user lacks rights: add {words} to `write` in manager.conf, then reload"
        return CheckReport(ok=False, line=line)
    version = (await link.ask({"Action": "CoreSettings"})).get("AsteriskVersion", "")
    major = re.match(r"(\d+)\.", version)
    if major and int(major[1]) < OLDEST:
        line = f"Asterisk {version} is too old: {OLDEST} or newer is needed"
        return CheckReport(ok=False, line=line)
    channels = await link.listing({"Action": "CoreShowChannels"})
    facts = {"version": version, "channels": len(channels)}
    line = f"Asterisk {version} at {config.host}:{config.port}, {len(channels)} channels now"
    return CheckReport(ok=True, line=line, facts=facts)


def why_not_rung(reason: str, cause: int | None) -> str:
    """Why one's own phone did not begin the call (OriginateResponse Reason, hangup cause)."""
    if cause in {17, 21}:
        return N_("Your phone is busy or has declined.")
    if reason == "3" or cause == 19:
        return N_("You did not pick up your phone.")
    if cause is None:
        return N_("Your phone is not registered in the PBX.")
    return f"The PBX could not ring your phone (cause {cause})."


__all__ = ["Refusal", "check", "why_not_rung"]
