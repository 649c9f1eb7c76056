"""`pult channel check` of a mailbox: both directions are tried, the cause is named."""

from __future__ import annotations

from channels.email import smtp
from channels.email.config import Config
from channels.email.imap import ImapBox
from channels.email.oauth import Tokens
from channels.email.pop import PopBox
from channels.email.sync import sent_folder
from channels.email.worker import Worker
from crm_core.kernel.i18n import _
from routing.contracts import CheckReport, DeliveryError


async def check(config: Config, tokens: Tokens, name: str) -> CheckReport:
    """Log in to both servers; opens every folder that is to be read. Sends nothing."""
    try:
        token = await tokens.access()
    except DeliveryError as error:
        return CheckReport(ok=False, line=str(error))
    facts: dict[str, object] = {"address": config.address}
    complaints = []
    try:
        facts["incoming"] = await _incoming(config, token, name)
    except DeliveryError as error:
        complaints.append(_("Incoming mail: %(line)s") % {"line": error})
    try:
        async with smtp.connected(config, token):
            facts["outgoing"] = f"{config.smtp_host}:{config.port_out}"
    except DeliveryError as error:
        complaints.append(_("Outgoing mail: %(line)s") % {"line": error})
    if complaints:
        return CheckReport(ok=False, line="\n".join(complaints), facts=facts)
    line = _("%(address)s works in both directions.") % {"address": config.address}
    if config.incoming == "none":
        line = _("%(address)s sends; mail is not collected.") % {"address": config.address}
    return CheckReport(ok=True, line=line, facts=facts)


async def _incoming(config: Config, token: str | None, name: str) -> str:
    """A word about what was found; raises a DeliveryError."""
    if config.incoming == "none":
        return "none"
    if config.incoming == "pop3":
        pop = PopBox(config, token)
        async with Worker(pop, name) as worker:
            await worker.call(pop.open)
            return f"pop3, {len(await worker.call(pop.listed))}"
    imap = ImapBox(config, token)
    async with Worker(imap, name) as worker:
        await worker.call(imap.open)
        for folder in config.folders:
            await worker.call(imap.select, folder)
        sent = await worker.call(sent_folder, imap, config)
        if sent and config.sent_folder:
            await worker.call(imap.select, sent)
        return f"imap, {', '.join(config.folders)}; {sent or '-'}"
