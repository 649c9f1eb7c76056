"""What people write of their servers, as settings; well-known services. Pure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from bot.mailboxes.presses import Service
from channels.email import providers
from channels.email.providers import Provider
from crm_core.kernel.errors import Invalid
from crm_core.kernel.i18n import N_

SERVICES: dict[Service, tuple[str, Provider]] = {
    "yandex": (N_("Yandex"), providers.YANDEX),
    "mailru": (N_("Mail.ru"), providers.MAIL_RU),
    "google": ("Gmail", providers.GOOGLE),
}
SECURITY = ("tls", "starttls", "none")
INCOMING = ("imap", "pop3")
BAD_SERVERS = N_(
    "Write two lines: the server of incoming mail and the server of outgoing mail."
    " Example: imap.shop.ru, and on the next line smtp.shop.ru"
)
BAD_DAY = N_("Write a day like 01.11.2026.")


def of_service(name: Service) -> dict[str, Any]:
    """Settings of a well-known service, for an address of another domain that lives there."""
    found = SERVICES[name][1]
    return {
        "incoming": "imap",
        "incoming_host": found.imap,
        "smtp_host": found.smtp,
        "smtp_port": found.smtp_port,
        "smtp_security": found.smtp_security,
    }


def of_lines(text: str) -> dict[str, Any]:
    """`[imap|pop3] host[:port] [tls|starttls|none]`, then the same of the outgoing one; Invalid."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    if len(lines) != 2 or not all(lines):
        raise Invalid(BAD_SERVERS)
    coming, going = lines
    way = "imap"
    if coming[0].lower() in INCOMING:
        way, coming = coming[0].lower(), coming[1:]
    if going[0].lower() == "smtp":
        going = going[1:]
    return {"incoming": way, **_server(coming, "incoming"), **_server(going, "smtp")}


def _server(words: list[str], name: str) -> dict[str, Any]:
    security = "tls"
    if len(words) > 1 and words[-1].lower() in SECURITY:
        words, security = words[:-1], words[-1].lower()
    host, *ports = [part for word in words for part in word.split(":") if part] or [""]
    if not host or len(ports) > 1 or not all(port.isdigit() for port in ports):
        raise Invalid(BAD_SERVERS)
    port = int(ports[0]) if ports else None
    return {f"{name}_host": host, f"{name}_port": port, f"{name}_security": security}


def as_lines(config: dict[str, Any]) -> str:
    """The servers of a mailbox as they are written: two lines, the unusual said."""
    return "\n".join(
        " ".join(
            filter(
                None,
                (
                    protocol,
                    ":".join(filter(None, (config.get(f"{name}_host", ""), _port(config, name)))),
                    config.get(f"{name}_security", "tls"),
                ),
            )
        )
        for name, protocol in (("incoming", config.get("incoming", "imap")), ("smtp", "smtp"))
    )


def _port(config: dict[str, Any], name: str) -> str:
    return str(config.get(f"{name}_port") or "")


def day_of(text: str) -> date:
    """A day as people write it; Invalid."""
    for form in ("%d.%m.%Y", "%Y-%m-%d", "%d.%m.%y"):
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise Invalid(BAD_DAY)
