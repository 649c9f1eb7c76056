"""Clients write to a Telegram bot of the company."""
