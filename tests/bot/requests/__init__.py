"""Applications in the managers' bot."""
