"""Search: clients by name, phone or address, and what was written."""
