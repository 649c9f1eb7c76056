"""The only place that talks SMTP: one mail per connection, every outcome told apart."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiosmtplib
from aiosmtplib import SMTP, SMTPResponseException

from channels.email import faults, tls
from channels.email.config import Config
from crm_core.kernel.i18n import _
from routing.contracts import (
    ChannelBroken,
    DeliveryError,
    OutcomeUnknown,
    RecipientUnreachable,
    Rejected,
    RetryLater,
)

SECONDS = 30.0
SLOWEST_BYTES_PER_SECOND = 32 * 1024
BUSY_SECONDS = 60.0
# RFC 3463: bad mailbox, bad domain, moved, disabled. What is wrong is the address.
NO_SUCH_PERSON = re.compile(r"^5\.(1\.[0-36]|1\.10|2\.1)\b")
NO_SUCH_WORDS = re.compile(
    r"(no such|unknown|invalid|nonexistent|non-existent) (user|mailbox|recipient|account|address)"
    r"|(user|mailbox|recipient|account|address).{0,40}(unknown|not found|not exist|disabled)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One mail to several people: addresses bare, `raw` with CRLF line ends."""

    sender: str
    recipients: Sequence[str]
    raw: bytes


def server(config: Config) -> faults.Server:
    return faults.Server(
        protocol="SMTP",
        host=config.smtp_host,
        port=config.port_out,
        security=config.smtp_security,
    )


@asynccontextmanager
async def connected(config: Config, token: str | None) -> AsyncIterator[SMTP]:
    """A connection that is logged in; raises a DeliveryError."""
    where = server(config)
    smtp = SMTP(
        hostname=where.host,
        port=where.port,
        timeout=SECONDS,
        use_tls=config.smtp_security == "tls",
        start_tls=False,
        tls_context=tls.context(config.ca_file) if config.smtp_security != "none" else None,
    )
    try:
        await _enter(smtp, config, where)
        await _log_in(smtp, config, token)
        yield smtp
    finally:
        smtp.close()


async def _enter(smtp: SMTP, config: Config, where: faults.Server) -> None:
    try:
        await smtp.connect()
        await smtp.ehlo()
        if config.smtp_security == "starttls":
            if not smtp.supports_extension("starttls"):
                raise faults.no_starttls(where)
            await smtp.starttls()
            await smtp.ehlo()  # what it offers may be another thing now
    except SMTPResponseException as error:
        if error.code in range(400, 500):
            raise _busy(where, error) from None
        raise faults.wrong_service(where) from None
    except (aiosmtplib.SMTPException, OSError) as error:
        raise _unreachable(error, where) from None


def _unreachable(error: Exception, where: faults.Server) -> DeliveryError:
    cause = error.__cause__ or error.__context__
    if isinstance(cause, OSError) and not isinstance(cause, aiosmtplib.SMTPException):
        return faults.unreachable(cause, where)
    ended = (aiosmtplib.SMTPTimeoutError, aiosmtplib.SMTPServerDisconnected)
    if isinstance(error, ended) or isinstance(cause, ended):
        return faults.silent(where)
    return faults.unreachable(error, where)


async def _log_in(smtp: SMTP, config: Config, token: str | None) -> None:
    """Own relays that want no login are left alone when no password is set."""
    where = server(config)
    user = config.smtp_login or config.user
    secret = config.smtp_password or config.password
    try:
        if token is not None:
            await smtp.auth_xoauth2(user, token)
        elif secret is not None and smtp.supported_auth_methods:
            await smtp.login(user, secret.get_secret_value())
        elif secret is not None and "xoauth2" in smtp.esmtp_extensions.get("auth", "").lower():
            line = _("%(host)s takes no passwords, only tokens: set auth to oauth2.")
            raise ChannelBroken(where.line(line))
    except SMTPResponseException as error:
        if error.code in range(400, 500) and error.code != 432:
            raise _busy(where, error) from None
        raise faults.refused(where, error.message, oauth=token is not None) from None
    except (aiosmtplib.SMTPException, OSError) as error:
        raise _unreachable(error, where) from None


async def send(config: Config, token: str | None, mail: Envelope) -> None:
    """Hand a mail over, to all recipients or to none; raises a DeliveryError."""
    async with connected(config, token) as smtp:
        await _address(smtp, config, mail)
        await _hand_over(smtp, config, mail.raw)


async def _address(smtp: SMTP, config: Config, mail: Envelope) -> None:
    """Who it is from and for. Nothing has left yet: it may be repeated."""
    where = server(config)
    options = [f"SIZE={len(mail.raw)}"] if smtp.supports_extension("size") else []
    if not all(address.isascii() for address in (mail.sender, *mail.recipients)):
        if not smtp.supports_extension("smtputf8"):
            raise Rejected(_("The server of outgoing mail takes no addresses with such letters."))
        options.append("SMTPUTF8")
    encoding = "utf-8" if "SMTPUTF8" in options else "ascii"
    try:
        await smtp.mail(mail.sender, options=options, encoding=encoding)
    except SMTPResponseException as error:
        raise _sender_refused(where, error) from None
    except (aiosmtplib.SMTPException, OSError) as error:
        raise _lost_before(where, error) from None
    refusals = [await _recipient(smtp, where, one, encoding) for one in mail.recipients]
    if found := [one for one in refusals if one is not None]:
        raise _worst(found, len(mail.recipients))


async def _recipient(
    smtp: SMTP, where: faults.Server, address: str, encoding: str
) -> tuple[str, SMTPResponseException] | None:
    try:
        await smtp.rcpt(address, encoding=encoding)
    except SMTPResponseException as error:
        return address, error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise _lost_before(where, error) from None
    return None


def _worst(refusals: Sequence[tuple[str, SMTPResponseException]], recipients: int) -> DeliveryError:
    """One address that will never do stops the mail for all, so that its author can mend it."""
    for_good = [one for one in refusals if one[1].code >= 500]
    if not for_good:
        address, error = refusals[0]
        line = _("%(address)s is not taken at the moment: %(reason)s")
        facts = {"address": address, "reason": _said(error)}
        # Greylisting: the same server takes it some minutes later.
        return RetryLater(line % facts, after=BUSY_SECONDS, chat_only=True)
    told = "; ".join(f"{address} ({_said(error)})" for address, error in for_good)
    if recipients == 1 and _is_no_person(for_good[0][1]):
        line = _("The server refuses this address, it does not exist or is closed: %(told)s")
        return RecipientUnreachable(line % {"told": told})
    line = _("The server refuses these addresses, so the mail was sent to nobody: %(told)s")
    return Rejected(line % {"told": told})


def _is_no_person(error: SMTPResponseException) -> bool:
    return bool(NO_SUCH_PERSON.search(error.message) or NO_SUCH_WORDS.search(error.message))


def _sender_refused(where: faults.Server, error: SMTPResponseException) -> DeliveryError:
    if error.code < 500:
        return _busy(where, error)
    if error.code == 552:
        return _too_large(error)
    if error.code == 530 or error.message.startswith("5.7.0"):
        return faults.refused(where, _said(error))
    line = _("The server does not let this mailbox send: %(reason)s")
    return ChannelBroken(line % {"reason": _said(error)})


def _too_large(error: SMTPResponseException) -> DeliveryError:
    line = _("The mail is larger than the server takes: %(reason)s")
    return Rejected(line % {"reason": _said(error)})


def _busy(where: faults.Server, error: SMTPResponseException) -> DeliveryError:
    line = where.line(_("%(host)s asks to wait: %(reason)s"), reason=_said(error))
    return RetryLater(line, after=BUSY_SECONDS)


def _lost_before(where: faults.Server, error: Exception) -> DeliveryError:
    """The line broke before anything had left: nothing is unknown."""
    found = _unreachable(error, where)
    return found if isinstance(found, RetryLater) else RetryLater(str(found), after=30)


async def _hand_over(smtp: SMTP, config: Config, raw: bytes) -> None:
    """From here on a lost answer means that nobody knows."""
    where = server(config)
    try:
        await smtp.data(raw, timeout=SECONDS * 2 + len(raw) / SLOWEST_BYTES_PER_SECOND)
    except SMTPResponseException as error:
        if error.code < 500:
            raise _busy(where, error) from None
        if error.code == 552 or error.message.startswith("5.3.4"):
            raise _too_large(error) from None
        line = _("The server refuses the mail: %(reason)s")
        raise Rejected(line % {"reason": _said(error)}) from None
    except (aiosmtplib.SMTPException, OSError):
        line = _("No answer from %(host)s after the mail had left: it may have arrived.")
        raise OutcomeUnknown(where.line(line)) from None


def _said(error: SMTPResponseException) -> str:
    return f"{error.code} {' '.join(error.message.split())}"[:300]
