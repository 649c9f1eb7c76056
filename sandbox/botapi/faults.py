"""Scripted faults: what goes wrong, for which bot, method and chat, and how many times."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.botapi.errors import ApiError, bad_request, conflict, forbidden, too_many


@dataclass(slots=True, kw_only=True)
class Where:
    """Which calls a fault hits; None means any."""

    bot_id: int | None = None
    method: str | None = None
    chat_id: int | None = None
    times: int = 1

    def matches(self, bot_id: int, method: str, chat_id: object) -> bool:
        return (
            self.times > 0
            and self.bot_id in (None, bot_id)
            and (self.method is None or self.method.lower() == method.lower())
            and self.chat_id in (None, chat_id)
        )


ANY = Where()


@dataclass(slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong.

    `error` is answered instead of working; `reset` and `hang` drop or never answer the request,
    before the work or (`after`) when it is already done; `delay` is in seconds.
    """

    where: Where
    error: ApiError | None = None
    reset: bool = False
    hang: bool = False
    after: bool = False
    delay: float = 0.0


class Faults:
    """The script. Each method adds one fault; without `where` it hits the very next call."""

    def __init__(self) -> None:
        self._script: list[Fault] = []

    def take(self, bot_id: int, method: str, chat_id: object) -> Fault | None:
        """The first fault that fits this call, counted down."""
        for fault in self._script:
            if fault.where.matches(bot_id, method, chat_id):
                fault.where.times -= 1
                return fault
        return None

    def clear(self) -> None:
        self._script.clear()

    @property
    def left(self) -> int:
        """How many faults are still to come."""
        return sum(fault.where.times for fault in self._script)

    def error(self, error: ApiError, where: Where = ANY) -> None:
        self._add(Fault(where=where, error=error))

    def too_many(self, retry_after: int, where: Where = ANY) -> None:
        self.error(too_many(retry_after), where)

    def bad_request(self, text: str, where: Where = ANY) -> None:
        self.error(bad_request(text), where)

    def forbidden(self, text: str = "bot was blocked by the user", where: Where = ANY) -> None:
        self.error(forbidden(text), where)

    def conflict(self, where: Where = ANY) -> None:
        text = (
            "terminated by other getUpdates request; "
            "make sure that only one bot instance is running"
        )
        self.error(conflict(text), where)

    def server_error(
        self, text: str = "Internal Server Error: restart", where: Where = ANY
    ) -> None:
        self.error(ApiError(500, text), where)

    def reset(self, where: Where = ANY, *, after: bool = False) -> None:
        """Cut the connection, before the work or after it."""
        self._add(Fault(where=where, reset=True, after=after))

    def hang(self, where: Where = ANY, *, after: bool = False) -> None:
        """Never answer; with `after` the work is done all the same."""
        self._add(Fault(where=where, hang=True, after=after))

    def slow(self, seconds: float, where: Where = ANY, *, after: bool = False) -> None:
        """Answer late, by the world's clock; with `after` the work is done before the wait."""
        self._add(Fault(where=where, delay=seconds, after=after))

    def _add(self, fault: Fault) -> None:
        # The same Where may be given to several faults: each counts for itself.
        where = fault.where
        fault.where = Where(
            bot_id=where.bot_id, method=where.method, chat_id=where.chat_id, times=where.times
        )
        self._script.append(fault)
