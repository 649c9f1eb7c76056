"""An SMTP server that keeps what it gets and fails on demand."""

from sandbox.smtp.sink import Faults, Sink, Taken

__all__ = ["Faults", "Sink", "Taken"]
