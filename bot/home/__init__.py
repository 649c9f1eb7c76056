"""The home message: counts, presence, lists, settings, help."""
