"""PBXs: adapters, the link to Asterisk, call tracking, routing answers, orders."""
