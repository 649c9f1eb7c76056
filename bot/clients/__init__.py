"""Clients: the card, its timeline, contacts, manager, merging."""
