"""Names and pictures of VK's people: who an event is about, and their profiles, asked once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from channels.vk.api import Api
from channels.vk.wire import Person
from crm_core.kernel import clock
from routing.contracts import DeliveryError

FRESH = timedelta(hours=6)
MOST = 5000
AT_ONCE = 100
FIELDS = "photo_200,screen_name"


def numbers_in(value: Any) -> Iterator[int]:
    """Everybody an event names: authors (also of what is forwarded), readers, buyers, operators."""
    if isinstance(value, list):
        for one in value:
            yield from numbers_in(one)
        return
    if not isinstance(value, dict):
        return
    for name, inner in value.items():
        if name in {"from_id", "user_id", "admin_author_id"}:
            if isinstance(inner, int) and inner > 0:
                yield inner
        elif name in {"message", "fwd_messages", "order"}:
            yield from numbers_in(inner)


@dataclass(slots=True)
class People:
    """Profiles of those who write, remembered for some hours."""

    api: Api
    known: dict[int, tuple[datetime, Person]] = field(default_factory=dict)

    async def of(self, numbers: Iterable[int]) -> dict[str, dict[str, Any]]:
        """Profiles as they are stored beside an event; those VK does not tell are left out."""
        wanted = sorted(set(numbers))
        since = clock.now() - FRESH
        missing = [one for one in wanted if one not in self.known or self.known[one][0] < since]
        if missing:
            await self._ask(missing)
        return {str(one): self.known[one][1].model_dump() for one in wanted if one in self.known}

    async def _ask(self, missing: list[int]) -> None:
        if len(self.known) > MOST:
            self.known.clear()
        asked = ",".join(map(str, missing[:AT_ONCE]))
        try:
            found = await self.api.call("users.get", again=True, user_ids=asked, fields=FIELDS)
        except DeliveryError:
            return
        now = clock.now()
        for one in found if isinstance(found, list) else ():
            self.known[int(one["id"])] = (now, _person(one))


def _person(profile: Mapping[str, Any]) -> Person:
    names = (profile.get("first_name"), profile.get("last_name"))
    return Person(
        name=" ".join(str(name) for name in names if name),
        username=profile.get("screen_name"),
        picture=profile.get("photo_200"),
    )
