"""What an admin or an employee sets for a mailbox, and what mail can carry."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    FilePath,
    SecretStr,
    field_validator,
    model_validator,
)

from channels.email import providers
from crm_core.dialogs.messages import Capabilities, Kind
from routing.contracts import Pacing

MEGABYTE = 1024 * 1024
ADDRESS = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+")
Security = Literal["tls", "starttls", "none"]

CAPABILITIES = Capabilities(
    text_limit=1_000_000,
    caption_limit=1_000_000,
    album_max=50,
    kinds=frozenset({Kind.TEXT, Kind.DOCUMENT}),
    edits=False,
    receipts=False,
    typing=False,
    entities=True,
    file_limit=25 * MEGABYTE,
    opens_with="email",
    threads=True,
)
# Mail servers count by the minute and the day; a person never writes that fast.
PACING = Pacing(rate=2.0, burst=10.0, chat_rate=1.0, chat_burst=3.0)


def _split(value: Any) -> Any:
    """Lists may come as one text with commas, as the command line gives them."""
    return [one.strip() for one in value.split(",") if one.strip()] if _is_text(value) else value


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


Words = Annotated[list[str], BeforeValidator(_split)]


class Config(BaseModel):
    """Settings of one mailbox. Servers of well-known services need not be named."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    address: str = Field(title="Address of the mailbox", description="sales@shop.example")
    sender_name: str = Field("", max_length=120, title="Name clients see as the sender")
    signature: str = Field("", max_length=4000, title="Signature under every mail")
    aliases: Words = Field([], title="Other addresses of this mailbox")
    plus: bool = Field(
        False,
        title="The provider delivers name+tag@ addresses",
        description="Then replies and forwarded mails are recognised by their address, too",
    )
    owner: int | None = Field(
        None, title="Whose mailbox it is", description="Number of the employee; empty: everybody's"
    )
    login: str = Field("", title="Login", description="Empty: the address")
    auth: Literal["password", "oauth2"] = Field("password", title="How to log in")
    password: SecretStr | None = Field(None, title="Password", description="For applications")

    incoming: Literal["imap", "pop3", "none"] = Field("imap", title="How mail is collected")
    incoming_host: str = Field("", title="Server of incoming mail")
    incoming_port: int | None = Field(None, ge=1, le=65535, title="Its port")
    incoming_security: Security = Field("tls", title="Its encryption")
    folders: Words = Field(["INBOX"], min_length=1, title="Folders to read (IMAP)")
    sent_folder: str = Field(
        "", title="Folder of sent mail (IMAP)", description="Empty: the one the server names"
    )
    read_sent: bool = Field(
        True,
        title="Show what was written past Pult",
        description="Mail the owner sends from another program joins its dialog (IMAP)",
    )
    since: date | None = Field(
        None, title="Collect mail from this day", description="Empty: from the day it is connected"
    )
    pop_delete: bool = Field(False, title="Delete collected mail from the server (POP3)")
    max_mail_mb: int = Field(
        50, ge=1, le=200, title="Largest mail, MB", description="Of a larger one only its beginning"
    )

    smtp_host: str = Field("", title="Server of outgoing mail")
    smtp_port: int | None = Field(None, ge=1, le=65535, title="Its port")
    smtp_security: Security = Field("tls", title="Its encryption")
    smtp_login: str = Field("", title="Login for sending", description="Empty: the same login")
    smtp_password: SecretStr | None = Field(None, title="Password for sending, if another")
    save_sent: Literal["auto", "yes", "no"] = Field(
        "auto", title="Put a copy into Sent", description="auto: unless the service does it itself"
    )

    oauth_url: str = Field("", title="Address that gives tokens (OAuth 2)")
    oauth_client_id: str = Field("", title="Client ID of your application (OAuth 2)")
    oauth_client_secret: SecretStr | None = Field(None, title="Its secret (OAuth 2)")
    oauth_refresh_token: SecretStr | None = Field(None, title="Refresh token (OAuth 2)")
    oauth_scope: str = Field("", title="Scope, if the service wants it named (OAuth 2)")

    authserv_id: str = Field(
        "",
        max_length=200,
        title="Name your mail server gives itself in Authentication-Results",
        description="Then senders it found forged (dmarc=fail) are not believed",
    )
    ca_file: FilePath | None = Field(
        None, title="Certificate of your own authority", description="For a company's own server"
    )

    @field_validator("address", "aliases")
    @classmethod
    def _are_addresses(cls, value: str | list[str]) -> str | list[str]:
        for one in [value] if isinstance(value, str) else value:
            if not ADDRESS.fullmatch(one.strip()):
                message = f"“{one}” is no mail address: it looks like sales@shop.example"
                raise ValueError(message)
        return value.strip() if isinstance(value, str) else value

    @field_validator("incoming_host", "smtp_host")
    @classmethod
    def _is_a_host(cls, host: str) -> str:
        if re.search(r"[\s/@:]", host.strip()) and not host.strip().startswith("["):
            message = "name the server only: imap.shop.example, without imap:// and port"
            raise ValueError(message)
        return host.strip()

    @model_validator(mode="before")
    @classmethod
    def _known_service(cls, raw: Any) -> Any:
        """A known service's servers where none are named."""
        if not isinstance(raw, dict) or not isinstance(raw.get("address"), str):
            return raw
        found = providers.of_address(raw["address"].strip())
        return raw if found is None else _filled(raw, found)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.incoming != "none" and not self.incoming_host:
            message = "incoming_host is lacking: the server of incoming mail"
            raise ValueError(message)
        if not self.smtp_host:
            message = "smtp_host is lacking: the server of outgoing mail"
            raise ValueError(message)
        if self.auth == "oauth2":
            self._oauth_is_whole()
        elif self.password is None:
            message = "password is lacking"
            raise ValueError(message)
        return self

    def _oauth_is_whole(self) -> None:
        wanted = ("oauth_url", "oauth_client_id", "oauth_refresh_token")
        if lacking := [name for name in wanted if not getattr(self, name)]:
            message = f"OAuth 2 needs {', '.join(lacking)}, too"
            raise ValueError(message)

    @property
    def own(self) -> frozenset[str]:
        """Addresses that are ours, in lower case."""
        return frozenset(one.lower() for one in (self.address, *self.aliases))

    @property
    def user(self) -> str:
        return self.login or self.address

    @property
    def port_in(self) -> int:
        """The port named, or the usual one."""
        usual = {"imap": (993, 143), "pop3": (995, 110), "none": (0, 0)}[self.incoming]
        return self.incoming_port or usual[self.incoming_security != "tls"]

    @property
    def port_out(self) -> int:
        return self.smtp_port or {"tls": 465, "starttls": 587, "none": 25}[self.smtp_security]

    @property
    def copies_sent(self) -> bool:
        """Whether the copy in Sent is our work."""
        if self.incoming != "imap" or self.save_sent == "no":
            return False
        service = providers.of_host(self.smtp_host)
        return self.save_sent == "yes" or service is None or not service.copies


def _filled(raw: dict[str, Any], found: providers.Provider) -> dict[str, Any]:
    pop = raw.get("incoming") == "pop3"
    usual = {"incoming_host": found.pop if pop else found.imap}
    if not raw.get("oauth_url"):
        usual["oauth_url"] = found.token_url
    usual["authserv_id"] = found.authserv_id
    sending: dict[str, Any] = {}
    if not raw.get("smtp_host"):
        sending = {
            "smtp_host": found.smtp,
            "smtp_port": raw.get("smtp_port") or found.smtp_port,
            "smtp_security": raw.get("smtp_security") or found.smtp_security,
        }
    kept = {name: value for name, value in raw.items() if value not in ("", None)}
    return usual | sending | kept
