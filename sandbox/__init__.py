"""A stand-in for Telegram on this machine: a strict Bot API server, for the demo and the tests."""
