"""E-mail: mailboxes over IMAP or POP3, sending over SMTP."""
