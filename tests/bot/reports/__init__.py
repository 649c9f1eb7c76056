"""Reports in the managers' bot."""
