"""Attachments as VK shows them. Pure but for the numbers of files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.botapi.images import image_size
from sandbox.vk.state import File, Json

if TYPE_CHECKING:
    from sandbox.vk.world import World


def photo(world: World, file: File, owner: int) -> Json:
    width, height = image_size(file.data) or (0, 0)
    url = world.url_of(file)
    sizes = [
        {"type": "m", "url": f"{url}?size=m", "width": width // 2, "height": height // 2},
        {"type": "x", "url": url, "width": width, "height": height},
    ]
    return {
        "album_id": -3,
        "date": int(world.clock.now()),
        "id": file.id,
        "owner_id": owner,
        "access_key": f"key{file.id}",
        "text": "",
        "sizes": sizes,
    }


def doc(world: World, file: File, owner: int) -> Json:
    extension = file.name.rsplit(".", 1)[-1] if "." in file.name else "bin"
    return {
        "id": file.id,
        "owner_id": owner,
        "title": file.name,
        "size": len(file.data),
        "ext": extension,
        "date": int(world.clock.now()),
        "type": 3 if extension == "gif" else 8,
        "url": world.url_of(file),
        "access_key": f"key{file.id}",
    }


def voice(world: World, file: File, owner: int) -> Json:
    return {
        "id": file.id,
        "owner_id": owner,
        "duration": 2,
        "waveform": [0, 5, 9, 3],
        "link_ogg": world.url_of(file),
        "link_mp3": f"{world.url_of(file)}?mp3",
        "access_key": f"key{file.id}",
    }


def sticker(world: World, file: File) -> Json:
    return {
        "sticker_id": file.id,
        "product_id": 1,
        "images": [{"url": world.url_of(file), "width": 128, "height": 128}],
        "images_with_background": [{"url": world.url_of(file), "width": 128, "height": 128}],
    }


def item(group_id: int, number: int, title: str, kopecks: int) -> Json:
    """An item of the community's shop."""
    return {
        "id": number,
        "owner_id": -group_id,
        "title": title,
        "description": title,
        "availability": 0,
        "category": {"id": 1, "name": "Цветы", "section": {"id": 1, "name": "Дом"}},
        "price": price(kopecks),
        "date": 1_700_000_000,
    }


def price(kopecks: int) -> Json:
    return {
        "amount": str(kopecks),
        "currency": {"id": 643, "name": "RUB", "title": "₽"},
        "text": f"{kopecks // 100} ₽",
    }


def reference(kind: str, found: Json) -> str:
    """`photo-1_2_key`, as attachments are named in requests."""
    return f"{kind}{found['owner_id']}_{found['id']}_{found['access_key']}"
