"""Telephony: the link to a PBX, calls as they go on, routing answers, recordings, the voice bot."""
