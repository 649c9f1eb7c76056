"""Files kept once by content, and what is attached to messages."""
