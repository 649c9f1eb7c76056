"""A bot that answers the telephone when people can't, and leaves a request behind."""
