"""Recordings: found at the PBX, kept, made playable on phones."""
