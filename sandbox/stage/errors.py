"""What the stage refuses, as a code the page has words for."""

from __future__ import annotations


class StageError(Exception):
    """`code` is one of the page's `error_…` texts."""

    def __init__(self, code: str, status: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
