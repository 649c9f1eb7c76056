"""Calls in the bot: who rings, what one does about it, recordings, numbers."""
