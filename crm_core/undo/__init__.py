"""Taking changes back: for a quarter of an hour, with all that has not left the house."""
