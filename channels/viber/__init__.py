"""Viber: a bot of the company, by the REST Bot API."""
