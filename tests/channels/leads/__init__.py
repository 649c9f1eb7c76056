"""Leads of services and forms."""
