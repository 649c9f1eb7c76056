"""People and files of the pretended VK."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class User:
    id: int
    first_name: str
    last_name: str = ""
    screen_name: str = ""
    photo: str = ""

    def profile(self, fields: set[str]) -> Json:
        found: Json = {
            "id": self.id,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "can_access_closed": True,
            "is_closed": False,
        }
        if "screen_name" in fields:
            found["screen_name"] = self.screen_name or f"id{self.id}"
        if "photo_200" in fields and self.photo:
            found["photo_200"] = self.photo
        return found


@dataclass(slots=True, kw_only=True)
class File:
    """Something uploaded. `saved` is the object VK made of it."""

    id: int
    kind: str
    name: str
    data: bytes
    saved: Json | None = None
    gone: bool = False
    token: str = ""
