"""Schema migrations of the one app label `crm`."""
