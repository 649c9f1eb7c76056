"""Mailboxes of the company and of its people: IMAP or POP3 in, SMTP out."""
