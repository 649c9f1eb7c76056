"""Quick replies: the list and its care."""
