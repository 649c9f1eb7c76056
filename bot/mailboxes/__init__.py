"""Mailboxes people connect and set for themselves."""
