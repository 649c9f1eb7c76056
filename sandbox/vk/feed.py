"""The feed of changes, which also calls those who only look."""

from __future__ import annotations

from sandbox.botapi.feed import Feed


class WatchedFeed(Feed):
    """Whoever listens is called after every change, whatever it was."""

    def touch(self) -> None:
        super().touch()
        for changed in self._listeners:
            changed({})
