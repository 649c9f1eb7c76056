"""What goes wrong with a mail server, as one line that names the cause and what to do. Pure."""

from __future__ import annotations

import re
import socket
import ssl
from dataclasses import dataclass

from channels.email import providers
from crm_core.kernel.i18n import _
from routing.contracts import ChannelBroken, DeliveryError, RetryLater

AGAIN_SECONDS = 30.0
# X509_V_ERR_CERT_HAS_EXPIRED, _HOSTNAME_MISMATCH, _IP_ADDRESS_MISMATCH
EXPIRED, OTHER_NAME, OTHER_IP = 10, 62, 64
SWITCHED_OFF = re.compile(
    r"(imap|pop3?)\b.{0,40}\b(is |are |access |not )*(disabled|not enabled|switched off|turned off)"
    r"|(not enabled|disabled) for (imap|pop)|enable (imap|pop)",
    re.IGNORECASE,
)
LATER = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|OVERQUOTA|SERVERBUG)\]|try again", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A mail server as it is set: `protocol` for people ("IMAP"), `security` tls|starttls|none."""

    protocol: str
    host: str
    port: int
    security: str

    def line(self, template: str, **more: object) -> str:
        facts = {"protocol": self.protocol, "host": self.host, "port": self.port}
        return template % (facts | more)


def unreachable(error: BaseException, server: Server) -> DeliveryError:
    """The connection could not be made, or broke while it was made."""
    cause = error.__cause__ or error.__context__
    if not isinstance(error, OSError) and isinstance(cause, OSError):
        error = cause
    if isinstance(error, ssl.SSLCertVerificationError):
        return ChannelBroken(_certificate(error, server))
    if isinstance(error, ssl.SSLError):
        return ChannelBroken(no_tls(server))
    if isinstance(error, socket.gaierror):
        line = _("There is no server %(host)s: check its name.")
        return ChannelBroken(server.line(line))
    if isinstance(error, ConnectionRefusedError):
        line = _("%(host)s does not take connections at port %(port)s: check the port.")
        return ChannelBroken(server.line(line))
    if isinstance(error, TimeoutError):
        return silent(server)
    line = _("The connection with %(host)s:%(port)s was lost: %(reason)s.")
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return RetryLater(server.line(line, reason=reason), after=AGAIN_SECONDS)


def silent(server: Server) -> DeliveryError:
    line = _(
        "%(host)s:%(port)s does not answer: check port and encryption, or whether a firewall is"
        " in between."
    )
    return RetryLater(server.line(line), after=AGAIN_SECONDS)


def _certificate(error: ssl.SSLCertVerificationError, server: Server) -> str:
    if error.verify_code == EXPIRED:
        return server.line(_("The certificate of %(host)s has expired: its owner must renew it."))
    if error.verify_code in {OTHER_NAME, OTHER_IP}:
        line = _("The certificate of %(host)s is for another name: use the name it was given for.")
        return server.line(line)
    line = _(
        "The certificate of %(host)s is not from a known authority: if the server is your own,"
        " give its authority's certificate in ca_file."
    )
    return server.line(line)


def no_tls(server: Server) -> str:
    if server.security == "tls":
        line = _(
            "%(host)s does not speak TLS at port %(port)s: try encryption “starttls”, or the port"
            " for TLS."
        )
    else:
        line = _("TLS with %(host)s:%(port)s failed.")
    return server.line(line)


def no_starttls(server: Server) -> ChannelBroken:
    line = _("%(host)s offers no STARTTLS at port %(port)s: try encryption “tls” and its port.")
    return ChannelBroken(server.line(line))


def wrong_service(server: Server) -> ChannelBroken:
    """Something answers that does not speak our protocol."""
    line = _("What answers at %(host)s:%(port)s is no %(protocol)s server: check the port.")
    return ChannelBroken(server.line(line))


def refused(server: Server, said: str, *, oauth: bool = False) -> DeliveryError:
    """The server did not let us in; `said` are its words."""
    if SWITCHED_OFF.search(said):
        line = _("%(protocol)s is switched off for this mailbox: allow it in the mail's settings.")
        return ChannelBroken(_told(server.line(line), said))
    if LATER.search(said):
        line = _("%(host)s does not let in at the moment.")
        return RetryLater(_told(server.line(line), said), after=AGAIN_SECONDS)
    if oauth:
        line = _("%(host)s does not take the OAuth token: give the permission to Pult once more.")
    else:
        line = _("%(host)s does not take the login or the password: check both.")
    service = providers.of_host(server.host)
    hint = f" ({_(service.hint)})" if service and service.hint and not oauth else ""
    return ChannelBroken(_told(server.line(line) + hint, said))


def _told(line: str, said: str) -> str:
    """The line with the server's own words."""
    words = " ".join(said.split())[:200]
    return f"{line} [{words}]" if words else line
