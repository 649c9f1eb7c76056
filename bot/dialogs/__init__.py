"""Dialogs with clients: cards, topics, answers, notices."""
