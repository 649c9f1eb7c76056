"""Whom an incoming call is put through to."""
