"""Leads of outside services and of forms on websites."""
