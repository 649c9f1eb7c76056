"""Real processes are killed at every step of the pipes; nothing is lost, nothing doubled."""
