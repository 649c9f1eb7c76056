"""SMS: one contract, adapters for HTTP gateways and SMPP."""
