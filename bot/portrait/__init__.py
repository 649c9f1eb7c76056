"""The portrait of a client: status, roles, the company's own fields, what is lacking."""
