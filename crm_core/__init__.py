"""The domain and its storage: slices, journal, commands. Imports no transport."""
