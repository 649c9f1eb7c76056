"""The configuration of a private Dovecot 2.3, for root and for anybody else. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOTLESS = """
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
}}
service pop3-login {{
  chroot =
}}
service submission-login {{
  chroot =
}}
"""
COMMON = """
base_dir = {root}/run
state_dir = {root}/lib
log_path = {root}/dovecot.log
protocols = {protocols}
listen = 127.0.0.1
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
auth_verbose = yes
mail_location = maildir:{root}/mail/%u
mail_fsync = never
mailbox_idle_check_interval = 1 secs
mail_max_userip_connections = 1000
first_valid_uid = 1
login_trusted_networks = 127.0.0.0/8
service imap-login {{
  process_min_avail = 0
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
service pop3-login {{
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = {pop3s}
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
passdb {{
  driver = passwd-file
  args = {root}/passwd
}}
userdb {{
  driver = static
  args = {ids} home={root}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = .
  mailbox Sent {{
    special_use = \\Sent
    auto = create
  }}
}}
protocol pop3 {{
  pop3_uidl_format = %08Xu%08Xv
}}
"""
TLS = """
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
"""
OAUTH = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {root}/oauth2.conf
}}
"""
OAUTH_FILE = """
introspection_mode = get
introspection_url = {url}
active_attribute = active
active_value = true
username_attribute = email
"""
SUBMISSION = """
hostname = mail.shop.test
submission_relay_host = 127.0.0.1
submission_relay_port = {relay}
submission_relay_trusted = yes
service submission-login {{
  inet_listener submission {{
    port = {submission}
  }}
  inet_listener submissions {{
    port = 0
  }}
}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a Dovecot shall be. `tls`: certificate and key. `runs_as`: (user, group) of its
    processes when we are not root; `ids`: uid=… gid=… of the mail's owner when we are."""

    root: Path
    ports: Mapping[str, int]
    tls: tuple[Path, Path] | None = None
    runs_as: tuple[str, str] | None = None
    ids: str = ""
    oauth_url: str = ""
    relay: int = 0


def text(wish: Wish) -> str:
    """dovecot.conf."""
    protocols = "imap pop3 submission" if wish.relay else "imap pop3"
    parts = [COMMON.format(root=wish.root, ids=wish.ids, protocols=protocols, **wish.ports)]
    certificate, key = wish.tls or ("", "")
    parts.append(TLS.format(certificate=certificate, key=key) if wish.tls else "\nssl = no\n")
    if wish.runs_as is not None:
        parts.append(ROOTLESS.format(user=wish.runs_as[0], group=wish.runs_as[1]))
    if wish.oauth_url:
        parts.append(OAUTH.format(root=wish.root))
    if wish.relay:
        parts.append(SUBMISSION.format(relay=wish.relay, submission=wish.ports["submission"]))
    return "".join(parts)
