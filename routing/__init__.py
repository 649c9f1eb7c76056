"""Who handles what and when: the pipes in and out, strategies, presence."""
