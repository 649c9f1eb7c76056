"""People of the company: roles and rights, presence, queues, log-in links."""
