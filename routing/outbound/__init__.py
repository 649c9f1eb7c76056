"""The pipe out: rows of the outbox leave in order, paced, each at most once at a time."""
