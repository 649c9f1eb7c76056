"""Who sees whose clients: roles and departments, set by an admin."""
