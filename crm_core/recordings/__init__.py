"""Recordings of calls: where they stand, who may hear them and who did, how long they stay."""
