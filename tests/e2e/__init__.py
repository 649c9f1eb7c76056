"""The stage as a newcomer meets it: a real demo process and a real browser."""
