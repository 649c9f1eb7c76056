"""Telephony: calls of a PBX and the bot that answers some of them."""
