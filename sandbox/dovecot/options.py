"""What a private Dovecot may have besides: another owner, TLS, OAuth, submission."""

from __future__ import annotations

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
