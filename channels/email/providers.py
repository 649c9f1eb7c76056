"""Servers of the mail services most people use, by the domain of an address. Pure data.

Sources: the services' own help pages on setting up mail programs.
"""

from __future__ import annotations

from dataclasses import dataclass

from crm_core.kernel.i18n import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Where a service's mail is. `copies` when it puts sent mail into Sent by itself; `hint` is
    what people forget there, `authserv_id` how it names itself in Authentication-Results."""

    imap: str
    pop: str
    smtp: str
    smtp_port: int = 465
    smtp_security: str = "tls"
    copies: bool = False
    token_url: str = ""
    hint: str = ""
    authserv_id: str = ""


APP_PASSWORD = N_("use a password for applications, not the one of the site")
GOOGLE = Provider(
    imap="imap.gmail.com",
    pop="pop.gmail.com",
    smtp="smtp.gmail.com",
    copies=True,
    token_url="https://oauth2.googleapis.com/token",  # noqa: S106
    authserv_id="mx.google.com",
    hint=APP_PASSWORD,
)
MICROSOFT = Provider(
    imap="outlook.office365.com",
    pop="outlook.office365.com",
    smtp="smtp.office365.com",
    smtp_port=587,
    smtp_security="starttls",
    copies=True,
    token_url="https://login.microsoftonline.com/common/oauth2/v2.0/token",  # noqa: S106
    hint=N_("Microsoft takes no passwords from programs any more: set auth to oauth2"),
)
YANDEX = Provider(
    imap="imap.yandex.ru",
    pop="pop.yandex.ru",
    smtp="smtp.yandex.ru",
    token_url="https://oauth.yandex.ru/token",  # noqa: S106
    hint=N_(
        "use a password for applications, not the one of the site, and allow IMAP in the settings"
    ),
)
MAIL_RU = Provider(
    imap="imap.mail.ru",
    pop="pop.mail.ru",
    smtp="smtp.mail.ru",
    token_url="https://o2.mail.ru/token",  # noqa: S106
    hint=APP_PASSWORD,
)
RAMBLER = Provider(
    imap="imap.rambler.ru",
    pop="pop.rambler.ru",
    smtp="smtp.rambler.ru",
    hint=N_("allow mail programs in the settings of the mail"),
)
BY_DOMAIN = {
    **dict.fromkeys(("gmail.com", "googlemail.com"), GOOGLE),
    **dict.fromkeys(("outlook.com", "hotmail.com", "live.com", "office365.com"), MICROSOFT),
    **dict.fromkeys(("yandex.ru", "yandex.com", "ya.ru", "yandex.by", "yandex.kz"), YANDEX),
    **dict.fromkeys(("mail.ru", "bk.ru", "list.ru", "inbox.ru", "internet.ru"), MAIL_RU),
    **dict.fromkeys(("rambler.ru", "lenta.ru", "ro.ru"), RAMBLER),
}
HOSTS = {
    host: one
    for one in (GOOGLE, MICROSOFT, YANDEX, MAIL_RU, RAMBLER)
    for host in (one.imap, one.pop, one.smtp)
}


def of_address(address: str) -> Provider | None:
    """The service behind an address, when its domain says so."""
    return BY_DOMAIN.get(address.rpartition("@")[2].lower())


def of_host(host: str) -> Provider | None:
    """The service behind a server: a company's own domain may live there, too."""
    return HOSTS.get(host.lower())
