"""A real Dovecot of one's own (IMAP, POP3, submission): private folder and ports, loopback."""

from sandbox.dovecot.maildir import Maildir
from sandbox.dovecot.server import Dovecot, available

__all__ = ["Dovecot", "Maildir", "available"]
