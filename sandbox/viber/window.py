"""A client's Viber as a window of the stage."""

from __future__ import annotations

from sandbox.botapi.images import image_size
from sandbox.stage.config import Json
from sandbox.stage.errors import StageError
from sandbox.stage.windows import Key, Line, Media, Screen, Shown, Watchers, WindowAct, WindowInfo
from sandbox.viber.phone import Phone
from sandbox.viber.world import Said

CAN = frozenset({"text", "photos", "files", "location", "contact", "read", "block"})
STATES = {"seen": "read", "delivered": "delivered", "failed": "failed"}
KINDS = {"picture": "photo", "video": "video", "file": "document"}


class ViberWindow(Watchers):
    """Keeps `sandbox.stage.windows.Window`. `number` is the owner's phone number."""

    def __init__(self, phone: Phone, info: WindowInfo, *, number: str = "") -> None:
        super().__init__()
        self.info = info
        self._phone, self._number = phone, number
        phone.world.feed.listen(self._changed)

    def _changed(self, change: Json) -> None:
        if change.get("chat") == self._phone.user.id:
            self.tell()

    def screen(self) -> Screen:
        chat = self._phone.chat
        return Screen(
            lines=tuple(_line(number, said) for number, said in enumerate(chat.said, 1)),
            keys=_keys(chat.keyboard),
            started=chat.opened or bool(chat.said),
            blocked=chat.left,
        )

    def file(self, file_id: str) -> Shown:
        file = self._phone.world.files[file_id]
        return Shown(data=file.data, mime=file.mime, name=file.name)

    async def act(self, act: WindowAct) -> Json:
        if act.name == "start":
            await self._phone.open()
        elif act.name in {"photos", "files"}:
            self._files(act)
        else:
            self._simple(act)
        return {}

    def _simple(self, act: WindowAct) -> None:
        phone = self._phone
        match act.name:
            case "text":
                phone.text(act.text())
            case "location":
                phone.location(*act.place())
            case "contact":
                phone.contact(phone.user.name, self._number)
            case "read":
                phone.look()
            case "block":
                phone.unsubscribe()
            case "unblock":
                phone.subscribe()
            case "press":
                self._press(str(act.body.get("button") or ""))

    def _press(self, data: str) -> None:
        try:
            self._phone.press(data)
        except LookupError:
            raise StageError("gone", 409) from None

    def _files(self, act: WindowAct) -> None:
        for number, upload in enumerate(act.uploads):
            caption = act.text("caption", 120) if number == 0 else ""
            if act.name == "photos" and image_size(upload.data):
                name = upload.name if upload.name.endswith(("png", "jpg")) else "photo.png"
                self._phone.picture(upload.data, name, caption)
                continue
            self._phone.file(upload.data, upload.name, upload.mime)
            if caption:
                self._phone.text(caption)


def _line(number: int, said: Said) -> Line:
    body = said.body
    place, card = body.get("location"), body.get("contact")
    return Line(
        id=number,
        mine=said.mine,
        at=said.at,
        text=str(body.get("text") or (body.get("media") if body["type"] == "url" else "") or ""),
        author=said.sender,
        media=_media(said),
        place=(float(place["lat"]), float(place["lon"])) if place else None,
        contact=(card["name"], card["phone_number"]) if card else None,
        state=STATES.get(said.state, "sent") if said.mine else "sent",
    )


def _media(said: Said) -> tuple[Media, ...]:
    if said.file is None:
        return ()
    size = image_size(said.file.data)
    return (
        Media(
            id=said.file.id,
            kind=KINDS.get(said.body["type"], "document"),
            name=said.file.name,
            size=len(said.file.data),
            width=size[0] if size else None,
            height=size[1] if size else None,
        ),
    )


def _keys(keyboard: Json | None) -> tuple[tuple[Key, ...], ...]:
    """Buttons in rows of six columns."""
    rows: list[tuple[Key, ...]] = []
    row: list[Key] = []
    filled = 0
    for button in (keyboard or {}).get("Buttons", []):
        width = button.get("Columns", 6)
        if row and filled + width > 6:
            rows.append(tuple(row))
            row, filled = [], 0
        row.append(Key(text=button["Text"], data=button["ActionBody"]))
        filled += width
    return (*rows, tuple(row)) if row else tuple(rows)
