"""Catalogues in the bot: the list, a branch of a tree, an item, and forms for their care."""
